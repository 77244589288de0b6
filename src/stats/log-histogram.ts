/**
 * Positive numbers in bins of equal ratio, from which every percentile is known to within 1 % (the sketch of C. Masson,
 * J. E. Rim, H. K. Lee: DDSketch, VLDB 2019). Bins are counts: they add over conversations in any grouping, and a day
 * of step times is a few hundred of them.
 *
 * With γ = (1 + ε) / (1 − ε), bin b ≥ 1 holds the values in (s·γ^(b−1), s·γ^b] and speaks for them as 2·s·γ^b / (γ + 1),
 * which is at most ε off for each of them. Bin 0 holds what is at most s, and speaks for it as 0. Percentiles
 * interpolate between such values, so they keep the bound.
 */

import { upperBound } from '../core/search.js';
import { percentileOfRanks } from './percentile.js';

/** ε: how far a percentile may be off, relative to the true one. */
export const LOG_BIN_ERROR = 0.01;

/** s: what is not above this counts as 0. Of milliseconds, a nanosecond. */
export const LOG_BIN_SMALLEST = 1e-6;

const GAMMA = (1 + LOG_BIN_ERROR) / (1 - LOG_BIN_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

/** Occupied bins, ascending. */
export type LogBins = readonly (readonly [bin: number, count: number])[];

export class LogHistogram {
  readonly #counts = new Map<number, number>();

  /** @param value at least 0, finite. */
  add(value: number): void {
    const bin = binOf(value);
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + 1);
  }

  get bins(): LogBins {
    return sorted(this.#counts);
  }
}

export function sumLogBins(list: readonly LogBins[]): LogBins {
  const counts = new Map<number, number>();
  for (const [bin, count] of list.flat()) counts.set(bin, (counts.get(bin) ?? 0) + count);
  return sorted(counts);
}

/** Values in all bins. */
export function logBinCount(bins: LogBins): number {
  return bins.reduce((total, [, count]) => total + count, 0);
}

/**
 * @param levels in [0, 1].
 * @returns one per level, at most 1 % off; undefined when there are no values.
 */
export function logPercentiles(bins: LogBins, levels: readonly number[]): (number | undefined)[] {
  let total = 0;
  const upTo = bins.map(([, count]) => {
    total += count;
    return total;
  });
  return levels.map((level) => percentileOfRanks(total, level, (rank) => middleOf(bins[upperBound(upTo, rank)]![0])));
}

function binOf(value: number): number {
  return value <= LOG_BIN_SMALLEST ? 0 : Math.max(1, Math.ceil(Math.log(value / LOG_BIN_SMALLEST) / LOG_GAMMA));
}

function middleOf(bin: number): number {
  return bin === 0 ? 0 : (2 * LOG_BIN_SMALLEST * GAMMA ** bin) / (GAMMA + 1);
}

function sorted(counts: ReadonlyMap<number, number>): LogBins {
  return [...counts].sort(([a], [b]) => a - b);
}
