/** An optimum at the edge of the thresholds that were tried is not known to be one: a better one may lie beyond. */

export interface GridEdge {
  readonly side: 'lowest' | 'highest';
  /** Thresholds worth trying next, `low:high:step`: from the last neighbour to close to the end of (0, 1). */
  readonly next: string;
}

/**
 * @param thresholds all that were tried, ascending, each in (0, 1).
 * @param chosen one of them.
 * @returns undefined when it has neighbours on both sides, or when it is the only one.
 */
export function gridEdge(thresholds: readonly number[], chosen: number): GridEdge | undefined {
  const last = thresholds.length - 1;
  if (last < 1) return undefined;
  if (chosen === thresholds[last]) {
    const { step, steps, decimals } = finer(1 - chosen);
    const [low, high] = [thresholds[last - 1]!, chosen + steps * step];
    return { side: 'highest', next: grid(low, high, step, decimals) };
  }
  if (chosen !== thresholds[0]) return undefined;
  const { step, steps, decimals } = finer(chosen);
  return { side: 'lowest', next: grid(chosen - steps * step, thresholds[1]!, step, decimals) };
}

/** Steps of a power of ten, at least one and at most twenty of them short of the end. */
function finer(room: number): { readonly step: number; readonly steps: number; readonly decimals: number } {
  const decimals = Math.ceil(-Math.log10(room / 2) - 1e-9);
  const step = 10 ** -decimals;
  return { step, decimals, steps: Math.ceil(room / step - 1e-9) - 1 };
}

function grid(low: number, high: number, step: number, decimals: number): string {
  return [low, high, step].map((value) => String(Number(value.toFixed(decimals)))).join(':');
}
