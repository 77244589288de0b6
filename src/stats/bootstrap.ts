/**
 * 95 % percentile bootstrap over conversations (B. Efron, R. Tibshirani: An Introduction to the Bootstrap, 1993,
 * chapter 13). Conversations are drawn, not events: events of one conversation share speakers and are not
 * independent. Each resample is n draws with replacement from n conversations, kept as how often each was drawn;
 * all intervals of a report use the same resamples, so that they can be compared.
 *
 * One conversation says nothing about others: no interval. A resample in which the statistic has an empty denominator
 * is left out; when that leaves none there is no interval.
 */

import { Prng } from '../core/prng.js';
import { upperBound } from '../core/search.js';
import { percentile, percentileOfRanks, sortNumbers } from './percentile.js';

export const BOOTSTRAP_RESAMPLES = 2000;

/** Lower and upper end of the 95 % interval. */
export type ConfidenceInterval = readonly [number, number];

export interface Resamples {
  readonly conversations: number;
  readonly count: number;
  /** [count, conversations]: how often each conversation was drawn. */
  readonly weights: Uint32Array;
}

/** @returns undefined for fewer than two conversations. */
export function drawResamples(conversations: number, seed: number, count = BOOTSTRAP_RESAMPLES): Resamples | undefined {
  if (conversations < 2) return undefined;
  const random = new Prng(seed);
  const weights = new Uint32Array(count * conversations);
  for (let row = 0; row < weights.length; row += conversations) {
    for (let draw = 0; draw < conversations; draw++) weights[row + random.int(conversations)]! += 1;
  }
  return { conversations, count, weights };
}

/**
 * Interval of sum of numerators over sum of denominators.
 * @param numerators, denominators one per conversation.
 */
export function bootstrapRatio(
  resamples: Resamples | undefined,
  numerators: readonly number[],
  denominators: readonly number[],
): ConfidenceInterval | undefined {
  return bootstrapSums(resamples, [numerators, denominators], (sums) =>
    sums[1] === 0 ? undefined : sums[0]! / sums[1]!,
  );
}

/**
 * Interval of any statistic of sums.
 * @param columns one list per summand, each with one value per conversation.
 * @param statistic of the sums, in the order of the columns; undefined where it is not defined.
 */
export function bootstrapSums(
  resamples: Resamples | undefined,
  columns: readonly (readonly number[])[],
  statistic: (sums: Float64Array) => number | undefined,
): ConfidenceInterval | undefined {
  if (!resamples) return undefined;
  const { conversations, weights } = resamples;
  const sums = new Float64Array(columns.length);
  const values: number[] = [];
  for (let row = 0; row < weights.length; row += conversations) {
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c]!;
      let sum = 0;
      for (let i = 0; i < conversations; i++) sum += weights[row + i]! * column[i]!;
      sums[c] = sum;
    }
    const value = statistic(sums);
    if (value !== undefined) values.push(value);
  }
  return interval(values);
}

/**
 * Intervals of percentiles of pooled values: everything is sorted once, a resample only weighs.
 * @param lists the values of each conversation, in any order.
 * @param levels in [0, 1].
 */
export function bootstrapPercentiles(
  resamples: Resamples | undefined,
  lists: readonly (readonly number[])[],
  levels: readonly number[],
): (ConfidenceInterval | undefined)[] {
  if (!resamples) return levels.map(() => undefined);
  const pooled = lists.flatMap((list, owner) => list.map((value) => ({ value, owner })));
  pooled.sort((a, b) => a.value - b.value);
  const values = Float64Array.from(pooled, ({ value }) => value);
  const owners = Uint32Array.from(pooled, ({ owner }) => owner);

  const { conversations, weights } = resamples;
  const results: number[][] = levels.map(() => []);
  // Values up to and including each one, counted with their weights: the rank of a value is found by search.
  const upTo = new Uint32Array(values.length);
  for (let row = 0; row < weights.length; row += conversations) {
    let count = 0;
    for (let i = 0; i < values.length; i++) {
      count += weights[row + owners[i]!]!;
      upTo[i] = count;
    }
    for (const [k, level] of levels.entries()) {
      const value = percentileOfRanks(count, level, (rank) => values[upperBound(upTo, rank)]!);
      if (value !== undefined) results[k]!.push(value);
    }
  }
  return results.map(interval);
}

function interval(values: readonly number[]): ConfidenceInterval | undefined {
  const sorted = sortNumbers(values);
  const low = percentile(sorted, 0.025);
  const high = percentile(sorted, 0.975);
  return low === undefined || high === undefined ? undefined : [low, high];
}
