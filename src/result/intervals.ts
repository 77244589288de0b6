/** 95 % intervals over conversations in the form in which they are kept: pairs, or null. */

import type { TaskCounts } from '../core/counts.js';
import { LATENCY_LEVELS } from '../score/rates.js';
import { fpRatio, type Ratio, recallRatio } from '../score/ratios.js';
import { bootstrapInterval, type Resamples } from '../stats/bootstrap.js';
import { pooledPercentiles, ratioOfSums, type Statistic } from '../stats/statistic.js';
import type { TaskIntervals } from './schema.js';

export type Interval = [lower: number, upper: number] | null;

export function intervalOf(resamples: Resamples, statistic: Statistic): Interval {
  const interval = bootstrapInterval(resamples, statistic);
  return interval === undefined ? null : [interval[0], interval[1]];
}

/** @param ratios one per conversation. */
export function ratioStatistic(ratios: readonly Ratio[]): Statistic {
  return ratioOfSums(
    ratios.map(({ numerator }) => numerator),
    ratios.map(({ denominator }) => denominator),
  );
}

/** @param list the counts of each conversation, in the order of the resamples. */
export function taskIntervals(resamples: Resamples, list: readonly TaskCounts[]): TaskIntervals {
  const latencies = list.map(({ latenciesMs }) => latenciesMs);
  const [p10 = null, p50 = null, p90 = null] = pooledPercentiles(latencies, LATENCY_LEVELS).map((statistic) =>
    intervalOf(resamples, statistic),
  );
  return {
    recall: intervalOf(resamples, ratioStatistic(list.map(recallRatio))),
    fp_rate: intervalOf(resamples, ratioStatistic(list.map(fpRatio))),
    latency_ms: { p10, p50, p90 },
  };
}
