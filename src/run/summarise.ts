/** From the rows of finished conversations to the numbers of a run. Needs nothing but the rows, so any run re-reports. */

import type { Counts } from '../core/counts.js';
import type { Task } from '../core/events.js';
import { countsFromDisk, eventCountsFromDisk } from '../result/counts.js';
import { deployedTiming } from '../result/deployed-timing.js';
import { intervalOf, ratioStatistic, taskIntervals } from '../result/intervals.js';
import { agentTotals } from '../result/responses.js';
import type {
  ConversationRow,
  DeployedOnDisk,
  OperatingPoints,
  RunHeader,
  RunSpec,
  SweepRow,
  TaskIntervals,
} from '../result/schema.js';
import { sweepRow, totalsOf } from '../result/totals.js';
import { COMPARED_EP50_MS, cutoffRateAt } from '../score/endpoint-curve.js';
import { type FloorHistogram, histogramOf } from '../score/histogram.js';
import { RATIOS } from '../score/ratios.js';
import { drawResamples } from '../stats/bootstrap.js';
import { pooledPercentiles, type Statistic } from '../stats/statistic.js';
import { DEFAULT_FP_BUDGET, operatingChoices } from '../sweep/operating-point.js';

export type RunNumbers = Pick<RunHeader, 'totals' | 'agent' | 'sweep' | 'operating_points' | 'timing' | 'failures'>;

/** @param arrived in any order: they are taken in that of the data set's ids, so that whoever is first changes nothing. */
export function summarise(arrived: readonly ConversationRow[], spec: RunSpec, wallS: number): RunNumbers {
  const rows = inOrder(arrived, spec.dataset.ids);
  const finished = rows.filter((row) => row.status === 'ok');
  const scored = finished.filter((row) => row.counts !== null);
  const swept = sweptCounts(scored, spec);
  const sweep = swept?.map(({ threshold, counts }) => sweepRow(threshold, counts)) ?? null;
  const spoken = finished.flatMap(({ agent }) => agent ?? []);
  const audioS = sum(finished.map((row) => row.duration_s));
  const computeS = sum(finished.map((row) => row.timing.compute_s));
  return {
    totals:
      scored.length === 0
        ? null
        : totalsOf(
            scored.map((row) => countsFromDisk(row.counts!)),
            sum(scored.map((row) => row.duration_s)),
            histogramsOf(scored),
            spec.seed,
            deployedCounts(scored),
          ),
    ...(spoken.length > 0 && { agent: agentTotals(spoken) }),
    sweep,
    operating_points: swept && sweep && choose(swept, sweep, spec),
    timing:
      audioS === 0
        ? null
        : { compute_s: computeS, wall_s: wallS, rtf: computeS / audioS, deployed: deployedTiming(timedOf(finished)) },
    failures: rows.flatMap((row) =>
      row.status === 'failed' ? [{ conversation_id: row.conversation_id, error: row.error, hint: row.hint }] : [],
    ),
  };
}

/** Rows of ids that are not listed come last, as they are. */
function inOrder(rows: readonly ConversationRow[], ids: readonly string[]): ConversationRow[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = ({ conversation_id: id }: ConversationRow) => places.get(id) ?? ids.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

type FinishedRow = Extract<ConversationRow, { status: 'ok' }>;

/** One threshold of the sweep. */
interface Swept {
  readonly threshold: number;
  /** One per conversation. */
  readonly counts: readonly Counts[];
}

function sweptCounts(rows: readonly FinishedRow[], spec: RunSpec): Swept[] | null {
  const thresholds = spec.sweep_thresholds;
  if (thresholds === null || rows.length === 0 || rows.some((row) => row.sweep === null)) return null;
  return thresholds.map((threshold, k) => ({ threshold, counts: rows.map((row) => countsFromDisk(row.sweep![k]!)) }));
}

/** @param rows the numbers of what was swept, in the same order. */
function choose(swept: readonly Swept[], rows: readonly SweepRow[], spec: RunSpec): OperatingPoints {
  const resamples = drawResamples(swept[0]?.counts.length ?? 0, spec.seed);
  const fpBudget = spec.fp_budget ?? DEFAULT_FP_BUDGET;
  const eot = operatingChoices(rows, fpBudget, (row) => ({ ...measures(row, 'eot'), cutoffRate: row.cutoff_rate }));
  const int = operatingChoices(rows, fpBudget, (row) => measures(row, 'int'));
  const intervals = (task: Task, row: SweepRow | undefined): TaskIntervals | null => {
    const counts = row && swept[rows.indexOf(row)]?.counts;
    return counts
      ? taskIntervals(
          resamples,
          counts.map((each) => each[task]),
        )
      : null;
  };
  const curve = rows.map(({ threshold, cutoff_rate, ep50_ms }) => ({
    threshold,
    cutoffRate: cutoff_rate ?? undefined,
    ep50Ms: ep50_ms ?? undefined,
  }));
  return {
    fp_budget: fpBudget,
    eot: eot.recallFirst ?? null,
    int: int.recallFirst ?? null,
    latency_first: { eot: eot.latencyFirst ?? null, int: int.latencyFirst ?? null },
    cutoff_first: eot.cutoffFirst ?? null,
    cutoff_rate_at_ep50_160_ms: cutoffRateAt(curve, COMPARED_EP50_MS) ?? null,
    intervals: {
      eot: intervals('eot', eot.recallFirst),
      int: intervals('int', int.recallFirst),
      cutoff_rate_at_ep50_160_ms: intervalOf(resamples, comparedCutoffRate(swept)),
    },
  };
}

/** The cut-off rate read off at 160 ms, of weighted conversations. */
function comparedCutoffRate(swept: readonly Swept[]): Statistic {
  const points = swept.map(({ threshold, counts }) => ({
    threshold,
    cutoffRate: ratioStatistic(counts.map(RATIOS.cutoffRate)),
    ep50Ms: pooledPercentiles(
      counts.map(({ endpoint }) => endpoint.latenciesMs),
      [0.5],
    )[0]!,
  }));
  return (weights) => {
    const curve = points.map(({ threshold, cutoffRate, ep50Ms }) => ({
      threshold,
      cutoffRate: cutoffRate(weights),
      ep50Ms: ep50Ms(weights),
    }));
    return cutoffRateAt(curve, COMPARED_EP50_MS);
  };
}

function measures(row: SweepRow, task: Task) {
  return {
    recall: row[`${task}_recall`],
    fpRate: row[`${task}_fp_rate`],
    latencyP50Ms: row[`${task}_latency_p50_ms`],
  };
}

/** Null unless every conversation has them. */
function deployedCounts(rows: readonly FinishedRow[]): Counts[] | null {
  const counts = timedOf(rows).flatMap((deployed) => (deployed.counts ? [eventCountsFromDisk(deployed.counts)] : []));
  return counts.length === rows.length ? counts : null;
}

function timedOf(rows: readonly FinishedRow[]): DeployedOnDisk[] {
  return rows.flatMap(({ deployed }) => deployed ?? []);
}

/** Null unless every conversation has one. */
function histogramsOf(rows: readonly FinishedRow[]): FloorHistogram[] | null {
  const bins = rows.flatMap(({ floor_histogram }) => (floor_histogram ? [floor_histogram] : []));
  return bins.length === rows.length ? bins.map(histogramOf) : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
