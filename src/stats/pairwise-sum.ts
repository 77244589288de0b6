/**
 * The sum that numpy makes of an array of doubles, to the last bit: fewer than 8 values one after the other, up to 128
 * in eight interleaved accumulators, longer ones split in two near the middle. Other orders differ in the last bit,
 * which is enough to swap rows that are tied in exact arithmetic.
 */

const LANES = 8;
const BLOCK = 128;

/** @param count of values from `from` on. */
export function pairwiseSum(values: ArrayLike<number>, from = 0, count = values.length - from): number {
  if (count < LANES) return plainSum(values, from, count);
  if (count <= BLOCK) return blockSum(values, from, count);
  const half = Math.floor(count / 2);
  const left = half - (half % LANES);
  return pairwiseSum(values, from, left) + pairwiseSum(values, from + left, count - left);
}

/** @returns undefined when there are no values. */
export function pairwiseMean(values: ArrayLike<number>): number | undefined {
  return values.length === 0 ? undefined : pairwiseSum(values) / values.length;
}

function plainSum(values: ArrayLike<number>, from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += values[i]!;
  return sum;
}

function blockSum(values: ArrayLike<number>, from: number, count: number): number {
  let a = values[from]!;
  let b = values[from + 1]!;
  let c = values[from + 2]!;
  let d = values[from + 3]!;
  let e = values[from + 4]!;
  let f = values[from + 5]!;
  let g = values[from + 6]!;
  let h = values[from + 7]!;
  const end = from + count;
  const whole = end - (count % LANES);
  for (let i = from + LANES; i < whole; i += LANES) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
    e += values[i + 4]!;
    f += values[i + 5]!;
    g += values[i + 6]!;
    h += values[i + 7]!;
  }
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let i = whole; i < end; i++) sum += values[i]!;
  return sum;
}
