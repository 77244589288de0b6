/** Audio for tests: made of seeded noise, held in memory, compared quickly. */

import type { AudioSource } from '../../src/core/conversation.js';
import { Prng } from '../../src/core/prng.js';

/** Uniform in [-1, 1). */
export function noise(length: number, seed: number): Float32Array {
  const prng = new Prng(seed);
  return Float32Array.from({ length }, () => prng.between(-1, 1));
}

/** The first index at which two signals differ, the shorter length if one continues the other, -1 if they are equal. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : shared;
}

/** A conversation in memory. @param options.asynchronous answer every read with a promise. */
export function memoryAudio(
  sampleRateHz: number,
  first: Float32Array,
  second: Float32Array,
  options: { asynchronous?: boolean } = {},
): AudioSource {
  return {
    sampleRateHz,
    length: first.length,
    open: () => {
      let position = 0;
      return {
        read: (into) => {
          const count = Math.min(into[1].length, first.length - position);
          into[1].set(first.subarray(position, position + count));
          into[2].set(second.subarray(position, position + count));
          position += count;
          return options.asynchronous ? Promise.resolve(count) : count;
        },
        close: () => undefined,
      };
    },
  };
}

/** Everything a source gives, read in pieces of `size` samples. */
export async function readAll(source: AudioSource, size: number): Promise<{ 1: Float32Array; 2: Float32Array }> {
  const all = { 1: new Float32Array(source.length + size), 2: new Float32Array(source.length + size) };
  const reader = await source.open();
  let position = 0;
  for (;;) {
    const into = { 1: all[1].subarray(position, position + size), 2: all[2].subarray(position, position + size) };
    const count = await reader.read(into);
    position += count;
    if (count === 0) break;
  }
  await reader.close();
  return { 1: all[1].subarray(0, position), 2: all[2].subarray(0, position) };
}
