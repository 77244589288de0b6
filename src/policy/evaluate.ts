/**
 * Prediction rows in, everything the protocol reports out, for one language or one set of conversations. Nothing is
 * averaged over languages: call it once for each.
 */

import { UserError } from '../core/errors.js';
import { CUTOFF_BUDGETS, LATENCY_BUDGETS_S } from './budgets.js';
import { type PolicyConfig, type PolicyOptions, policyConfig } from './config.js';
import { comparisonPoint, meanFrontierLatencyS, paretoFront, summaryPoint } from './points.js';
import type { PredictionRow } from './predictions.js';
import { averagePrecision, rocAuc } from './ranking.js';
import { type PolicySpan, spanTable } from './span-table.js';
import { type PolicyRow, policySweep } from './sweep.js';
import { type VadReport, vadReport } from './vad-report.js';

export interface PolicyEvaluation {
  readonly config: PolicyConfig;
  /** What was judged, in the order of the table. */
  readonly spans: readonly PolicySpan[];
  readonly holds: number;
  readonly ends: number;
  readonly auc: number | undefined;
  readonly averagePrecision: number | undefined;
  /** The whole sweep, best first, the baseline last. */
  readonly rows: readonly PolicyRow[];
  /** By latency. */
  readonly pareto: readonly PolicyRow[];
  /** One per `CUTOFF_BUDGETS`: the fastest row within it. */
  readonly operatingPoints: readonly (PolicyRow | undefined)[];
  readonly meanFrontierLatencyS: number | undefined;
  /** One per `CUTOFF_BUDGETS` and per `LATENCY_BUDGETS_S`, with the knobs that a comparison of models shows. */
  readonly atCutoff: readonly (PolicyRow | undefined)[];
  readonly atLatency: readonly (PolicyRow | undefined)[];
  readonly vad: VadReport;
}

/** @throws UserError on options or rows that make no sense, or without a pause or an end of turn. */
export function evaluatePolicies(rows: readonly PredictionRow[], options: PolicyOptions = {}): PolicyEvaluation {
  const config = policyConfig(options);
  const spans = spanTable(rows, config);
  const ends = spans.filter(({ label }) => label === 'eot').length;
  const holds = spans.length - ends;
  if (holds === 0 || ends === 0) {
    throw new UserError(
      `a policy sweep needs pauses and ends of turn: there are ${holds} pauses of ${config.minHoldS} to ${config.maxHoldS} s and ${ends} ends`,
      { hint: 'take more data; the limits of pauses can be set' },
    );
  }
  const scored = spans.flatMap(({ score, label }) => (score === null ? [] : [{ score, positive: label === 'eot' }]));
  const swept = policySweep(spans, config);
  return {
    config,
    spans,
    holds,
    ends,
    auc: rocAuc(scored),
    averagePrecision: averagePrecision(scored),
    rows: swept,
    pareto: paretoFront(swept),
    operatingPoints: CUTOFF_BUDGETS.map((budget) => summaryPoint(swept, budget)),
    meanFrontierLatencyS: meanFrontierLatencyS(swept),
    atCutoff: CUTOFF_BUDGETS.map((budget) => comparisonPoint(swept, 'cutoffRate', budget)),
    atLatency: LATENCY_BUDGETS_S.map((budgetS) => comparisonPoint(swept, 'meanLatencyS', budgetS)),
    vad: vadReport(spans, config),
  };
}

/** How silences are scored, in the words of the public files. */
export function scoreMode({ scorePointS }: PolicyConfig): 'max' | 'score_point' {
  return scorePointS === null ? 'max' : 'score_point';
}

/** One evaluation per language, in their order; what one language lacks does not keep others from theirs. */
export function rowsByLanguage(rows: readonly PredictionRow[]): ReadonlyMap<string, PredictionRow[]> {
  const groups = new Map<string, PredictionRow[]>();
  for (const row of rows) {
    const group = groups.get(row.language);
    if (group) group.push(row);
    else groups.set(row.language, [row]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}
