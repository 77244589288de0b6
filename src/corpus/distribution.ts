/** What is said of a list of durations: how many, mean, three percentiles. Null where there is none. */

import { percentile, sortNumbers } from '../stats/percentile.js';

/** In the unit of the values. */
export interface Distribution {
  readonly n: number;
  readonly mean: number | null;
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
}

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = sortNumbers(values);
  const at = (level: number): number | null => percentile(sorted, level) ?? null;
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return { n: values.length, mean, p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}
