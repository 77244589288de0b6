/** From the rows of finished conversations to the numbers of a run. Needs nothing but the rows, so any run re-reports. */

import type { Counts } from '../core/counts.js';
import type { Task } from '../core/events.js';
import { countsFromDisk, eventCountsFromDisk } from '../result/counts.js';
import { deployedTiming } from '../result/deployed-timing.js';
import type {
  ConversationRow,
  DeployedOnDisk,
  OperatingPoints,
  RunHeader,
  RunSpec,
  SweepRow,
} from '../result/schema.js';
import { sweepRow, totalsOf } from '../result/totals.js';
import { COMPARED_EP50_MS, cutoffRateAt } from '../score/endpoint-curve.js';
import { type FloorHistogram, histogramOf } from '../score/histogram.js';
import { DEFAULT_FP_BUDGET, operatingChoices } from '../sweep/operating-point.js';

export type RunNumbers = Pick<RunHeader, 'totals' | 'sweep' | 'operating_points' | 'timing' | 'failures'>;

/** @param rows in the order of the data set's ids: latencies are pooled in that order. */
export function summarise(rows: readonly ConversationRow[], spec: RunSpec, wallS: number): RunNumbers {
  const finished = rows.filter((row) => row.status === 'ok');
  const scored = finished.filter((row) => row.counts !== null);
  const sweep = sweepRows(scored, spec);
  const audioS = sum(finished.map((row) => row.duration_s));
  const computeS = sum(finished.map((row) => row.timing.compute_s));
  return {
    totals:
      scored.length === 0
        ? null
        : totalsOf(
            scored.map((row) => countsFromDisk(row.counts!)),
            sum(scored.map((row) => row.duration_s)),
            pooledHistogram(scored),
            spec.seed,
            deployedCounts(scored),
          ),
    sweep,
    operating_points: sweep && choose(sweep, spec.fp_budget ?? DEFAULT_FP_BUDGET),
    timing:
      audioS === 0
        ? null
        : { compute_s: computeS, wall_s: wallS, rtf: computeS / audioS, deployed: deployedTiming(timedOf(finished)) },
    failures: rows.flatMap((row) =>
      row.status === 'failed' ? [{ conversation_id: row.conversation_id, error: row.error, hint: row.hint }] : [],
    ),
  };
}

type FinishedRow = Extract<ConversationRow, { status: 'ok' }>;

function sweepRows(rows: readonly FinishedRow[], spec: RunSpec): SweepRow[] | null {
  const thresholds = spec.sweep_thresholds;
  if (thresholds === null || rows.length === 0 || rows.some((row) => row.sweep === null)) return null;
  return thresholds.map((threshold, k) =>
    sweepRow(
      threshold,
      rows.map((row) => countsFromDisk(row.sweep![k]!)),
    ),
  );
}

function choose(rows: readonly SweepRow[], fpBudget: number): OperatingPoints {
  const eot = operatingChoices(rows, fpBudget, (row) => ({ ...measures(row, 'eot'), cutoffRate: row.cutoff_rate }));
  const int = operatingChoices(rows, fpBudget, (row) => measures(row, 'int'));
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

function pooledHistogram(rows: readonly FinishedRow[]): FloorHistogram | null {
  if (rows.some((row) => row.floor_histogram === null)) return null;
  return histogramOf(rows.flatMap((row) => row.floor_histogram ?? []));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
