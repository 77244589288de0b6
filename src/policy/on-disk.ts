/** Judged policies as JSON: keys and units of the public `summary.json` where it has them, `null` where nothing is. */

import type { ConfidenceInterval } from '../stats/bootstrap.js';
import { type Budget, CUTOFF_BUDGETS, LATENCY_BUDGETS_S } from './budgets.js';
import { type PolicyEvaluation, scoreMode } from './evaluate.js';
import type { Judged } from './judged.js';
import type { PointIntervals } from './point-intervals.js';
import type { PolicyRow } from './sweep.js';
import type { TwoChannelEvaluation } from './two-channel.js';

type Json = Readonly<Record<string, unknown>>;

/** @param allRows the whole sweep, and not only its Pareto front. */
export function judgedToDisk(judged: Judged, allRows: boolean): Json {
  const { protocol, model, source, dataset, language, intervalS } = judged;
  const origin = { protocol, model, source, dataset, language, interval_s: intervalS };
  if (judged.protocol === 'eot-bench') return { ...origin, ...evaluationToDisk(judged.evaluation, allRows) };
  const { all, withoutBackchannels, intervals, turnEnds } = judged.evaluation;
  return {
    ...origin,
    ...evaluationToDisk(all, allRows, intervals),
    without_backchannels: withoutBackchannels ? evaluationToDisk(withoutBackchannels, allRows) : null,
    turn_ends: turnEndsToDisk(turnEnds),
  };
}

function evaluationToDisk(
  evaluation: PolicyEvaluation,
  allRows: boolean,
  intervals?: ReadonlyMap<PolicyRow, PointIntervals>,
): Json {
  const { config, spans, holds, ends, rows, vad } = evaluation;
  const scored = spans.filter(({ score }) => score !== null);
  const pointToDisk = (row: PolicyRow | undefined): Json | null =>
    row ? { ...rowToDisk(row), ...(intervals && { intervals: intervalsToDisk(intervals.get(row)) }) } : null;
  const comparison = (column: Budget, budget: number, row: PolicyRow | undefined) => ({
    budget_column: COLUMNS[column],
    budget_value: budget,
    point: pointToDisk(row),
  });
  return {
    score_mode: scoreMode(config),
    score_point_s: config.scorePointS,
    min_hold_span_duration: config.minHoldS,
    max_hold_span_duration: config.maxHoldS,
    thresholds: config.thresholds,
    sweep_action_delays: config.actionDelaysS,
    sweep_timeouts: config.timeoutsS,
    n_spans: spans.length,
    n_hold_spans: holds,
    n_eot_spans: ends,
    n_missing_scores: spans.length - scored.length,
    auc: evaluation.auc ?? null,
    ap: evaluation.averagePrecision ?? null,
    operating_points: Object.fromEntries(
      CUTOFF_BUDGETS.map((budget, i) => [`${budget * 100}pct`, pointToDisk(evaluation.operatingPoints[i])]),
    ),
    mean_frontier_latency_0_10: evaluation.meanFrontierLatencyS ?? null,
    comparison_points: [
      ...CUTOFF_BUDGETS.map((budget, i) => comparison('cutoffRate', budget, evaluation.atCutoff[i])),
      ...LATENCY_BUDGETS_S.map((budgetS, i) => comparison('meanLatencyS', budgetS, evaluation.atLatency[i])),
    ],
    vad_report: {
      n_delays: vad.delays,
      cutoff_rate_at_latency: byBudget(LATENCY_BUDGETS_S, vad.cutoffRates),
      mean_latency_at_cutoff: byBudget(CUTOFF_BUDGETS, vad.delaysS),
    },
    pareto: evaluation.pareto.map(rowToDisk),
    ...(allRows && { rows: rows.map(rowToDisk) }),
  };
}

const COLUMNS: Readonly<Record<Budget, string>> = { cutoffRate: 'cutoff_rate', meanLatencyS: 'mean_latency' };

/** Times in s, as in the public files. */
function rowToDisk(row: PolicyRow): Json {
  return {
    policy: row.policy,
    threshold: row.threshold,
    action_delay: row.actionDelayS,
    timeout: row.timeoutS,
    n_cutoff: row.cutOffs,
    n_detect: row.detected,
    cutoff_rate: row.cutoffRate,
    mean_latency: row.meanLatencyS,
    timeout_rate: row.timeoutRate,
    detect_rate: row.detectRate,
    f1: row.f1,
  };
}

function intervalsToDisk(intervals: PointIntervals | undefined): Readonly<Record<string, ConfidenceInterval | null>> {
  return { cutoff_rate: intervals?.cutoffRate ?? null, mean_latency: intervals?.meanLatencyS ?? null };
}

function turnEndsToDisk({ overlapped, atEndOfAudio, endedBy, replyGapS }: TwoChannelEvaluation['turnEnds']): Json {
  const { p10 = null, p50 = null, p90 = null } = replyGapS;
  return {
    n_overlapped: overlapped,
    n_at_end_of_audio: atEndOfAudio,
    silence_ended_by: endedBy,
    reply_gap: { p10, p50, p90 },
  };
}

function byBudget(budgets: readonly number[], values: readonly (number | undefined)[]): Json {
  return Object.fromEntries(budgets.map((budget, i) => [String(budget), values[i] ?? null]));
}
