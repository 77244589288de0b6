import { STEP_S } from '../core/time.js';
import { logBinCount, logPercentiles, sumLogBins } from '../stats/log-histogram.js';
import type { DeployedOnDisk, DeployedTiming } from './schema.js';

/**
 * From what was measured of each conversation to the step times of a run.
 * @returns null when there is no step.
 */
export function deployedTiming(list: readonly DeployedOnDisk[]): DeployedTiming | null {
  const bins = sumLogBins(list.map(({ step_bins }) => step_bins));
  const steps = logBinCount(bins);
  if (steps === 0) return null;
  const computeMs = list.reduce((total, { compute_ms }) => total + compute_ms, 0);
  const lateSteps = list.reduce((total, { late_steps }) => total + late_steps, 0);
  const [p50 = 0, p90 = 0, p99 = 0] = logPercentiles(bins, [0.5, 0.9, 0.99]);
  return {
    steps,
    step_ms: { mean: computeMs / steps, p50, p90, p99 },
    late_steps: lateSteps,
    late_rate: lateSteps / steps,
    rtf: computeMs / 1000 / (steps * STEP_S),
  };
}
