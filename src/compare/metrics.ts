/**
 * The metrics that runs are compared by: how each derives from counts, which direction is better, and how much worse
 * it may become before a gate fails when nobody says otherwise. Names are those of `sweep.csv` where it has them.
 *
 * Tolerances are for one and the same model run again: another processor may move an event by a step of 20 ms, and one
 * event more or less among a hundred is a hundredth.
 */

import type { Counts } from '../core/counts.js';
import type { Task } from '../core/events.js';
import { STEP_S } from '../core/time.js';
import { balanced, ENDPOINT_LEVELS, LATENCY_LEVELS } from '../score/rates.js';
import { quotient, RATIOS, type RatioName } from '../score/ratios.js';
import type { Direction } from '../stats/paired.js';
import { functionOfSums, pooledPercentiles, ratioOfSums, type Statistic } from '../stats/statistic.js';
import type { Tolerance } from './tolerance.js';

export type MetricUnit = 'rate' | 'ms' | 'per_hour' | 'per_minute';

export interface Metric {
  readonly name: string;
  readonly task: Task | 'endpoint' | 'floor';
  readonly unit: MetricUnit;
  readonly better: Direction;
  readonly tolerance: Tolerance;
  /** In a baseline that nobody has edited. */
  readonly gated: boolean;
  /** @param list the counts of each conversation, in one order. */
  statistic(list: readonly Counts[]): Statistic;
}

const RATE = { absolute: 0.02 };
const STEP = { absolute: 1000 * STEP_S };
/** Of a tail, which rests on few events. */
const TWO_STEPS = { absolute: 2000 * STEP_S };
const TENTH = { relative: 0.1 };

const [P10, P50, P90] = LATENCY_LEVELS;
const [EP50, EP90] = ENDPOINT_LEVELS;

export const METRICS: readonly Metric[] = [
  ...taskMetrics('eot'),
  ...taskMetrics('int'),
  gated(rate('cutoff_rate', 'endpoint', 'lower', ratioStatistic('cutoffRate'))),
  gated(latency('ep50_ms', 'endpoint', STEP, percentileStatistic(endpointLatencies, EP50))),
  gated(latency('ep90_ms', 'endpoint', TWO_STEPS, percentileStatistic(endpointLatencies, EP90))),
  gated(rate('floor_accuracy', 'floor', 'higher', ratioStatistic('floorAccuracy'))),
  gated(rate('floor_balanced_accuracy', 'floor', 'higher', balancedAccuracy)),
  rate('floor_f1', 'floor', 'higher', ratioStatistic('floorF1')),
  rate('hold_accuracy', 'floor', 'higher', ratioStatistic('holdAccuracy')),
  rate('shift_accuracy', 'floor', 'higher', ratioStatistic('shiftAccuracy')),
  frequency('flips_per_minute', 'floor', 'per_minute', ratioStatistic('flipsPerMinute')),
];

export const METRIC_NAMES: readonly string[] = METRICS.map(({ name }) => name);

/** What is shown where there is room for little, such as for each tag of the data. */
export const HEADLINE_METRICS: readonly string[] = [
  ...(['eot', 'int'] as const).flatMap((task) => [`${task}_recall`, `${task}_fp_rate`, `${task}_latency_p50_ms`]),
  'cutoff_rate',
  'floor_balanced_accuracy',
];

function taskMetrics(task: Task): Metric[] {
  const percentile = (level: number) => percentileStatistic((counts) => counts[task].latenciesMs, level);
  return [
    gated(rate(`${task}_recall`, task, 'higher', ratioStatistic(`${task}Recall`))),
    gated(rate(`${task}_fp_rate`, task, 'lower', ratioStatistic(`${task}FpRate`))),
    latency(`${task}_latency_p10_ms`, task, STEP, percentile(P10)),
    gated(latency(`${task}_latency_p50_ms`, task, STEP, percentile(P50))),
    gated(latency(`${task}_latency_p90_ms`, task, TWO_STEPS, percentile(P90))),
    frequency(`${task}_false_alarms_per_hour`, task, 'per_hour', ratioStatistic(`${task}FalseAlarmsPerHour`)),
  ];
}

function gated(metric: Metric): Metric {
  return { ...metric, gated: true };
}

function rate(name: string, task: Metric['task'], better: Direction, statistic: Metric['statistic']): Metric {
  return { name, task, unit: 'rate', better, tolerance: RATE, gated: false, statistic };
}

function latency(name: string, task: Metric['task'], tolerance: Tolerance, statistic: Metric['statistic']): Metric {
  return { name, task, unit: 'ms', better: 'lower', tolerance, gated: false, statistic };
}

function frequency(name: string, task: Metric['task'], unit: MetricUnit, statistic: Metric['statistic']): Metric {
  return { name, task, unit, better: 'lower', tolerance: TENTH, gated: false, statistic };
}

function ratioStatistic(name: RatioName): Metric['statistic'] {
  return (list) => {
    const ratios = list.map(RATIOS[name]);
    return ratioOfSums(
      ratios.map(({ numerator }) => numerator),
      ratios.map(({ denominator }) => denominator),
    );
  };
}

function balancedAccuracy(list: readonly Counts[]): Statistic {
  const columns = [list.map(RATIOS.floorRecall), list.map(RATIOS.floorSpecificity)].flatMap((ratios) => [
    ratios.map(({ numerator }) => numerator),
    ratios.map(({ denominator }) => denominator),
  ]);
  return functionOfSums(columns, ([tp = 0, positives = 0, tn = 0, negatives = 0]) =>
    balanced(quotient(tp, positives), quotient(tn, negatives)),
  );
}

function percentileStatistic(values: (counts: Counts) => readonly number[], level: number): Metric['statistic'] {
  return (list) => pooledPercentiles(list.map(values), [level])[0]!;
}

function endpointLatencies({ endpoint }: Counts): readonly number[] {
  return endpoint.latenciesMs;
}
