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
const LATENCY = { absolute: 1000 * STEP_S };
/** A tail rests on few events. */
const TAIL_LATENCY = { absolute: 2000 * STEP_S };
const FREQUENCY = { relative: 0.1 };

const [P10, P50, P90] = LATENCY_LEVELS;
const [EP50, EP90] = ENDPOINT_LEVELS;

export const METRICS: readonly Metric[] = [
  ...taskMetrics('eot'),
  ...taskMetrics('int'),
  {
    ...{ name: 'cutoff_rate', task: 'endpoint', unit: 'rate', better: 'lower' },
    ...{ tolerance: RATE, gated: true, statistic: ratioStatistic('cutoffRate') },
  },
  {
    ...{ name: 'ep50_ms', task: 'endpoint', unit: 'ms', better: 'lower' },
    ...{ tolerance: LATENCY, gated: true, statistic: percentileStatistic(endpointLatencies, EP50) },
  },
  {
    ...{ name: 'ep90_ms', task: 'endpoint', unit: 'ms', better: 'lower' },
    ...{ tolerance: TAIL_LATENCY, gated: true, statistic: percentileStatistic(endpointLatencies, EP90) },
  },
  floorRate('floor_accuracy', true, ratioStatistic('floorAccuracy')),
  floorRate('floor_balanced_accuracy', true, balancedAccuracy),
  floorRate('floor_f1', false, ratioStatistic('floorF1')),
  floorRate('hold_accuracy', false, ratioStatistic('holdAccuracy')),
  floorRate('shift_accuracy', false, ratioStatistic('shiftAccuracy')),
  {
    ...{ name: 'flips_per_minute', task: 'floor', unit: 'per_minute', better: 'lower' },
    ...{ tolerance: FREQUENCY, gated: false, statistic: ratioStatistic('flipsPerMinute') },
  },
];

export const METRIC_NAMES: readonly string[] = METRICS.map(({ name }) => name);

/** What is shown where there is room for little, such as for each tag of the data. */
export const HEADLINE_METRICS: readonly string[] = [
  ...(['eot', 'int'] as const).flatMap((task) => [`${task}_recall`, `${task}_fp_rate`, `${task}_latency_p50_ms`]),
  'cutoff_rate',
  'floor_balanced_accuracy',
];

function taskMetrics(task: Task): Metric[] {
  const latency = (percentile: string, level: number, tolerance: Tolerance, gated: boolean): Metric => ({
    ...{ name: `${task}_latency_${percentile}_ms`, task, unit: 'ms' },
    ...{ better: 'lower', tolerance, gated },
    statistic: percentileStatistic((counts) => counts[task].latenciesMs, level),
  });
  return [
    {
      ...{ name: `${task}_recall`, task, unit: 'rate', better: 'higher' },
      ...{ tolerance: RATE, gated: true, statistic: ratioStatistic(`${task}Recall`) },
    },
    {
      ...{ name: `${task}_fp_rate`, task, unit: 'rate', better: 'lower' },
      ...{ tolerance: RATE, gated: true, statistic: ratioStatistic(`${task}FpRate`) },
    },
    latency('p10', P10, LATENCY, false),
    latency('p50', P50, LATENCY, true),
    latency('p90', P90, TAIL_LATENCY, true),
    {
      ...{ name: `${task}_false_alarms_per_hour`, task, unit: 'per_hour' },
      ...{ better: 'lower', tolerance: FREQUENCY, gated: false },
      statistic: ratioStatistic(`${task}FalseAlarmsPerHour`),
    },
  ];
}

function floorRate(name: string, gated: boolean, statistic: Metric['statistic']): Metric {
  return { name, gated, statistic, task: 'floor', unit: 'rate', better: 'higher', tolerance: RATE };
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
