/** Drawn conversations for models behind the gate, and what they answered. */

export const STEP = 320;

/**
 * Chunks of speech (`#`) and silence (`_`) as the stand-in VAD hears them, every sample telling when it was: a known
 * fraction of 1/16 above 0.75 or 0.25, never 0.
 */
export function voice(...parts: (readonly [string, number])[]): Float32Array {
  const drawn = parts.map(([chunk, count]) => chunk.repeat(count)).join('');
  return Float32Array.from({ length: drawn.length * 512 }, (_, i) => {
    return (drawn[Math.floor(i / 512)] === '#' ? 0.75 : 0.25) + (i % 4096) / 65_536;
  });
}

/** Steps after which the answer changed, as `[end of step in samples, P(floor)]`. */
export function changes(answers: readonly number[]): [number, number][] {
  return answers.flatMap((p, step) =>
    p === (answers[step - 1] ?? 0) ? [] : [[(step + 1) * STEP, p] as [number, number]],
  );
}

/** End of the step in which a chunk is complete, in samples. */
export function stepWith(chunk: number): number {
  return Math.ceil(((chunk + 1) * 512) / STEP) * STEP;
}
