/** Rates and percentiles of counts. What has nothing to measure is undefined, never 0 or NaN. */

import { type Counts, FLOOR_STATES, type FloorState, type TaskCounts } from '../core/counts.js';
import type { Task } from '../core/events.js';
import { percentile, sortNumbers } from '../stats/percentile.js';
import {
  type Confusion,
  endpointAnchors,
  floorConfusion,
  quotient,
  RATIOS,
  type Ratio,
  type RatioName,
  stateRatio,
} from './ratios.js';

/** Of detection latencies, as levels in [0, 1]: p10, p50, p90. */
export const LATENCY_LEVELS = [10 / 100, 50 / 100, 90 / 100] as const;
/** Of endpoint latencies: EP50, EP90, EP99. */
export const ENDPOINT_LEVELS = [50 / 100, 90 / 100, 99 / 100] as const;

/** Absent when there is nothing to measure. */
type Rate = number | undefined;

export interface Percentiles<T = Rate> {
  readonly p10: T;
  readonly p50: T;
  readonly p90: T;
}

export interface TaskRates {
  readonly recall: Rate;
  readonly fpRate: Rate;
  readonly latencyMs: Percentiles;
}

export interface FloorRates {
  readonly confusion: Confusion;
  readonly accuracy: Rate;
  /** Mean of recall and of the share of right answers where the gold floor is 0. */
  readonly balancedAccuracy: Rate;
  readonly precision: Rate;
  readonly recall: Rate;
  readonly f1: Rate;
  readonly accuracyByState: Readonly<Record<FloorState, Rate>>;
  readonly holdAccuracy: Rate;
  readonly shiftAccuracy: Rate;
  readonly flipsPerMinute: Rate;
}

export interface EndpointRates {
  readonly anchors: number;
  readonly cutoffRate: Rate;
  readonly ep50Ms: Rate;
  readonly ep90Ms: Rate;
  readonly ep99Ms: Rate;
}

export interface Rates extends Readonly<Record<Task, TaskRates & { readonly falseAlarmsPerHour: Rate }>> {
  readonly floor: FloorRates;
  readonly endpoint: EndpointRates;
}

export function ratesOf(counts: Counts): Rates {
  const rate = (name: RatioName): Rate => toRate(RATIOS[name](counts));
  return {
    eot: { ...taskRates(counts.eot), falseAlarmsPerHour: rate('eotFalseAlarmsPerHour') },
    int: { ...taskRates(counts.int), falseAlarmsPerHour: rate('intFalseAlarmsPerHour') },
    floor: {
      confusion: floorConfusion(counts),
      accuracy: rate('floorAccuracy'),
      balancedAccuracy: balanced(rate('floorRecall'), rate('floorSpecificity')),
      precision: rate('floorPrecision'),
      recall: rate('floorRecall'),
      f1: rate('floorF1'),
      accuracyByState: Object.fromEntries(
        FLOOR_STATES.map((state) => [state, toRate(stateRatio(counts, state))]),
      ) as Record<FloorState, Rate>,
      holdAccuracy: rate('holdAccuracy'),
      shiftAccuracy: rate('shiftAccuracy'),
      flipsPerMinute: rate('flipsPerMinute'),
    },
    endpoint: endpointRates(counts.endpoint),
  };
}

/** Recall, false-positive rate and latency percentiles of one task, as the public scorer derives them. */
export function taskRates({ tp, fn, fp, tn, latenciesMs }: TaskCounts): TaskRates {
  const [p10, p50, p90] = percentiles(latenciesMs, LATENCY_LEVELS);
  return {
    recall: quotient(tp, tp + fn),
    fpRate: quotient(fp, fp + tn),
    latencyMs: { p10, p50, p90 },
  };
}

/** Mean of two rates that both exist. */
export function balanced(sensitivity: Rate, specificity: Rate): Rate {
  return sensitivity === undefined || specificity === undefined ? undefined : (sensitivity + specificity) / 2;
}

function toRate({ numerator, denominator }: Ratio): Rate {
  return quotient(numerator, denominator);
}

export function endpointRates(endpoint: Counts['endpoint']): EndpointRates {
  const anchors = endpointAnchors(endpoint);
  const [ep50Ms, ep90Ms, ep99Ms] = percentiles(endpoint.latenciesMs, ENDPOINT_LEVELS);
  return {
    anchors,
    cutoffRate: quotient(endpoint.cutOffs, anchors),
    ep50Ms,
    ep90Ms,
    ep99Ms,
  };
}

function percentiles(values: readonly number[], levels: readonly number[]): Rate[] {
  const sorted = sortNumbers(values);
  return levels.map((level) => percentile(sorted, level));
}
