/**
 * The threshold sweep of a probability file (scoring specification, section 7). Probabilities belong to one task;
 * each track is walked once for all thresholds, then the events of every threshold are matched.
 */

import type { Counts, TaskCounts } from '../core/counts.js';
import type { Task } from '../core/events.js';
import type { Gold } from '../core/gold.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { commitAtThresholds, SWEEP_REFRACTORY_S } from '../decide/commit.js';
import { sumEndpointCounts, sumTaskCounts } from '../score/counts.js';
import { endpointTurns, scoreEndpoints } from '../score/endpoint.js';
import { matchTask, prepareTask } from '../score/match.js';
import { endpointRates, taskRates } from '../score/rates.js';
import { quotient } from '../score/ratios.js';

export interface ProbabilityConversation {
  readonly gold: Gold;
  /** Score of the task, one value in [0, 1] per frame. */
  readonly prob: PerSpeaker<ArrayLike<number>>;
}

export interface SweepOptions {
  readonly task: Task;
  readonly frameRateHz: number;
  /** Strictly ascending. */
  readonly thresholds: readonly number[];
  /** s. Default 2. */
  readonly refractoryS?: number;
}

/** Numbers that have nothing to measure are undefined. */
export interface ProbabilityRow {
  readonly threshold: number;
  readonly recall: number | undefined;
  readonly fpRate: number | undefined;
  /** The same events against the INT negatives, with nothing excused by an anchor. */
  readonly falseIntRate: number | undefined;
  readonly latencyP10Ms: number | undefined;
  readonly latencyP50Ms: number | undefined;
  readonly latencyP90Ms: number | undefined;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
  /** Endpointing is of EOT events only. */
  readonly cutoffRate: number | undefined;
  readonly ep50Ms: number | undefined;
  readonly ep90Ms: number | undefined;
}

/**
 * @param conversations in scoring order.
 * @returns one row per threshold.
 * @throws Error when the thresholds do not ascend.
 */
export function sweepProbabilities(
  conversations: readonly ProbabilityConversation[],
  options: SweepOptions,
): ProbabilityRow[] {
  const { task, frameRateHz, thresholds, refractoryS = SWEEP_REFRACTORY_S } = options;
  const counts: TaskCounts[][] = thresholds.map(() => []);
  const falseInt: TaskCounts[][] = thresholds.map(() => []);
  const endpoints: Counts['endpoint'][][] = thresholds.map(() => []);
  for (const { gold, prob } of conversations) {
    const taskGold = prepareTask(gold[task]);
    const falseIntGold = prepareTask({ ...gold.int, positives: [] });
    const turns = task === 'eot' ? endpointTurns(gold) : null;
    const events = perSpeaker((speaker) => commitAtThresholds(prob[speaker], frameRateHz, thresholds, refractoryS));
    for (let k = 0; k < thresholds.length; k++) {
      const committed = { 1: events[1][k]!, 2: events[2][k]! };
      counts[k]!.push(matchTask(taskGold, committed));
      falseInt[k]!.push(matchTask(falseIntGold, committed));
      if (turns) endpoints[k]!.push(scoreEndpoints(turns, committed));
    }
  }
  return thresholds.map((threshold, k) =>
    toRow(threshold, sumTaskCounts(counts[k]!), sumTaskCounts(falseInt[k]!), sumEndpointCounts(endpoints[k]!)),
  );
}

function toRow(
  threshold: number,
  counts: TaskCounts,
  falseInt: TaskCounts,
  endpoint: Counts['endpoint'],
): ProbabilityRow {
  const { recall, fpRate, latencyMs } = taskRates(counts);
  const { cutoffRate, ep50Ms, ep90Ms } = endpointRates(endpoint);
  return {
    threshold,
    recall,
    fpRate,
    falseIntRate: quotient(falseInt.fp, falseInt.fp + falseInt.tn),
    latencyP10Ms: latencyMs.p10,
    latencyP50Ms: latencyMs.p50,
    latencyP90Ms: latencyMs.p90,
    tp: counts.tp,
    fp: counts.fp,
    fn: counts.fn,
    tn: counts.tn,
    cutoffRate,
    ep50Ms,
    ep90Ms,
  };
}
