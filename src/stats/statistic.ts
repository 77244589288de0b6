/**
 * Statistics of a set of conversations in which each is there as often as a weight says: all once is what was measured,
 * drawn with replacement is a resample of the bootstrap, one of them not at all is a step of the jackknife. What does
 * not depend on the weights is prepared once.
 */

import { percentileOfRanks } from './percentile.js';

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
    for (let c = 0; c < values.length; c++) {
      const column = values[c]!;
      let sum = 0;
      for (let i = 0; i < column.length; i++) sum += weights[i]! * column[i]!;
      sums[c] = sum;
    }
    return compute(sums);
  };
}

/**
 * Percentiles of the values of all conversations together, each value there as often as its conversation.
 * @param lists the values of each conversation, in any order.
 * @param levels in [0, 1].
 * @returns one statistic per level.
 */
export function pooledPercentiles(lists: readonly (readonly number[])[], levels: readonly number[]): Statistic[] {
  const pooled = lists.flatMap((list, owner) => list.map((value) => ({ value, owner })));
  pooled.sort((a, b) => a.value - b.value);
  const values = Float64Array.from(pooled, ({ value }) => value);
  const owners = Uint32Array.from(pooled, ({ owner }) => owner);

  return levels.map((level) => (weights) => {
    const count = lists.reduce((total, list, owner) => total + weights[owner]! * list.length, 0);
    // Ranks are asked in ascending order, so one walk finds them all.
    let place = -1;
    let upTo = 0;
    return percentileOfRanks(count, level, (rank) => {
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
