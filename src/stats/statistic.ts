/**
 * Statistics of a set of conversations in which each is there as often as a weight says: all once is what was measured,
 * drawn with replacement is a resample of the bootstrap, one of them not at all is a step of the jackknife. What does
 * not depend on the weights is prepared once.
 */

import { lowerBound } from '../core/search.js';
import { percentileOfRanks, type SortedNumbers, sortNumbers } from './percentile.js';

/** How often each conversation is there. */
export type Weights = Uint32Array;

/** @returns undefined where it is not defined, for instance with an empty denominator; never NaN. */
export type Statistic = (weights: Weights) => number | undefined;

/**
 * Sum of numerators over sum of denominators.
 * @param numerators, denominators one per conversation.
 */
export function ratioOfSums(numerators: readonly number[], denominators: readonly number[]): Statistic {
  return functionOfSums([numerators, denominators], ([numerator = 0, denominator = 0]) =>
    denominator === 0 ? undefined : numerator / denominator,
  );
}

/**
 * Any function of sums.
 * @param columns one list per summand, each with one value per conversation.
 * @param compute from the sums, in the order of the columns. They are overwritten by the next call.
 */
export function functionOfSums(
  columns: readonly (readonly number[])[],
  compute: (sums: Float64Array) => number | undefined,
): Statistic {
  const values = columns.map((column) => Float64Array.from(column));
  const sums = new Float64Array(columns.length);
  return (weights) => {
    for (let c = 0; c < values.length; c++) sums[c] = weightedSum(values[c]!, weights);
    return compute(sums);
  };
}

/**
 * Percentiles of the values of all conversations together, each value there as often as its conversation. The values
 * are sorted once. A rank is looked for in blocks of them, of which is known how many values of each conversation come
 * before, so that few of the values are touched.
 * @param lists the values of each conversation, in any order.
 * @param levels in [0, 1].
 * @returns one statistic per level.
 */
export function pooledPercentiles(lists: readonly (readonly number[])[], levels: readonly number[]): Statistic[] {
  const values = sortNumbers(lists.flat());
  const owners = ownersOf(values, lists);
  const lengths = Float64Array.from(lists, (list) => list.length);
  // Not less than there are conversations, so that the counts take no more room than the values.
  const blockLength = Math.max(64, lists.length);
  const before = countsBeforeBlocks(owners, lists.length, blockLength);

  return levels.map((level) => (weights) => {
    let place = -1;
    // Values up to that place and with it. Ranks are asked for in ascending order.
    let upTo = 0;
    return percentileOfRanks(weightedSum(lengths, weights), level, (rank) => {
      if (place < 0) {
        const block = blockOf(rank, before, weights);
        place = block * blockLength - 1;
        upTo = weightedSum(before[block]!, weights);
      }
      while (upTo <= rank) upTo += weights[owners[++place]!]!;
      return values[place]!;
    });
  });
}

/** How much larger the second is, of the same conversations. */
export function differenceOf(first: Statistic, second: Statistic): Statistic {
  return (weights) => {
    const a = first(weights);
    const b = second(weights);
    return a === undefined || b === undefined ? undefined : b - a;
  };
}

/** Which conversation each value is of; it does not matter which of several with the same value. */
function ownersOf(values: SortedNumbers, lists: readonly (readonly number[])[]): Uint32Array {
  const owners = new Uint32Array(values.length);
  /** By the first place of a value, how many of its places are taken. */
  const taken = new Uint32Array(values.length);
  for (const [owner, list] of lists.entries()) {
    for (const value of list) {
      const first = lowerBound(values, value);
      owners[first + taken[first]!] = owner;
      taken[first]! += 1;
    }
  }
  return owners;
}

/** Per block how many values of each conversation come before it. */
function countsBeforeBlocks(owners: Uint32Array, conversations: number, blockLength: number): Float64Array[] {
  const blocks: Float64Array[] = [];
  const counts = new Float64Array(conversations);
  for (let i = 0; i < owners.length; i++) {
    if (i % blockLength === 0) blocks.push(counts.slice());
    counts[owners[i]!]! += 1;
  }
  return blocks;
}

/** The last block with at most `rank` values before it. */
function blockOf(rank: number, before: readonly Float64Array[], weights: Weights): number {
  let low = 0;
  let high = before.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (weightedSum(before[middle]!, weights) <= rank) low = middle;
    else high = middle;
  }
  return low;
}

function weightedSum(values: Float64Array, weights: Weights): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
  return sum;
}
