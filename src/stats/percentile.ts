/**
 * Percentiles by linear interpolation (numpy's default), to the last bit: between neighbours the value is counted
 * from the nearer one (scoring specification, section 6).
 */

declare const ascending: unique symbol;

/** Values that have been sorted: a percentile cannot be asked of anything else. */
export type SortedNumbers = Float64Array & { readonly [ascending]: true };

export function sortNumbers(values: Iterable<number>): SortedNumbers {
  return Float64Array.from(values).sort() as SortedNumbers;
}

/**
 * @param level in [0, 1]: 0.5 is the median.
 * @returns undefined when there are no values.
 */
export function percentile(sorted: SortedNumbers, level: number): number | undefined {
  return percentileOfRanks(sorted.length, level, (rank) => sorted[rank]!);
}

/**
 * The same of `count` ascending values that are not at hand as a list.
 * @param valueAt the value of a rank, 0 … count − 1.
 */
export function percentileOfRanks(count: number, level: number, valueAt: (rank: number) => number): number | undefined {
  if (count === 0) return undefined;
  const position = (count - 1) * level;
  if (position >= count - 1) return valueAt(count - 1);
  const rank = Math.floor(position);
  const fraction = position - rank;
  const low = valueAt(rank);
  const high = valueAt(rank + 1);
  const difference = high - low;
  return fraction < 0.5 ? low + difference * fraction : high - difference * (1 - fraction);
}
