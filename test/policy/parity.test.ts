import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from '../../src/policy/evaluate.js';
import { rowsFromEvents } from '../../src/policy/predictions.js';
import type { PolicyRow } from '../../src/policy/sweep.js';
import { timeGrid } from '../../src/policy/time-grid.js';
import { spanSet, turnSpans } from '../../src/policy/turn-spans.js';
import { visibleMessages, visibleSamples } from '../../src/policy/visible.js';
import { readFixture } from '../helpers/fixtures.js';
import {
  type Fields,
  keysOf,
  optionsOf,
  type PolicyFixture,
  type StoredCase,
  toPredictions,
  toTurn,
} from '../helpers/policy.js';

// Outputs of the public eot-bench metrics on synthetic predictions; `toEqual` compares numbers with Object.is.

const fixture = readFixture<PolicyFixture>('eot-bench/policy-open');

describe.each(fixture.cases)('$name', (stored) => {
  const { expected } = stored;
  const evaluation = evaluatePolicies(toPredictions(stored), optionsOf(stored.config));

  it(`keeps the ${expected.spans.length} spans with their scores`, () => {
    const spans = evaluation.spans.map(({ id, spanIndex, label, durationS, score, scoreTimeS }) => {
      return [id, spanIndex, label, durationS, score, scoreTimeS];
    });
    expect(expected.span_fields).toEqual(['id', 'span_index', 'label', 'span_dur', 'p_eot', 'score_time']);
    expect(spans).toEqual(expected.spans);
  });

  it(`has the ${expected.rows.length} rows of the sweep in their order, to the last bit`, () => {
    const pareto = new Set(evaluation.pareto);
    const rows = evaluation.rows.map((row) => [
      row.policy === 'model' ? 'm' : 'v',
      ...[row.threshold, row.actionDelayS, row.timeoutS, row.cutOffs, row.detected, row.meanLatencyS, row.f1],
      pareto.has(row) ? 1 : 0,
    ]);
    expect(expected.row_fields.slice(1)).toEqual([
      'threshold',
      'action_delay',
      'timeout',
      'n_cutoff',
      'n_detect',
      'mean_latency',
      'f1',
      'is_pareto',
    ]);
    expect(rows).toEqual(expected.rows);
    expect(evaluation.pareto.length).toBe(expected.n_pareto);
  });

  it('chooses the operating points of the summary', () => {
    const { summary } = expected;
    const chosen = ['2pct', '5pct', '10pct'].map((name) => summary.operating_points[name] ?? undefined);
    expect(evaluation.operatingPoints.map((row) => row && knobsOf(row))).toEqual(
      chosen.map((point) => point && knobsOnDisk(point)),
    );
    expect(evaluation.meanFrontierLatencyS ?? null).toBe(summary.mean_frontier_latency_0_10);
    expect([evaluation.holds, evaluation.ends]).toEqual([summary.n_hold_spans, summary.n_eot_spans]);
    expect(evaluation.auc).toBeCloseTo(summary.auc, 12);
    expect(evaluation.averagePrecision).toBeCloseTo(summary.ap, 12);
    const { actionDelaysS, timeoutsS } = evaluation.config;
    expect([actionDelaysS, timeoutsS]).toEqual([summary.sweep_action_delays, summary.sweep_timeouts]);
  });

  it('chooses the rows that a comparison shows', () => {
    const { cutoff_rate, mean_latency } = expected.comparison_points;
    for (const [points, rows] of [
      [cutoff_rate, evaluation.atCutoff],
      [mean_latency, evaluation.atLatency],
    ] as const) {
      expect(rows.map((row) => (row ? evaluation.rows.indexOf(row) : null))).toEqual(
        points.map((point) => (point.feasible ? point.row : null)),
      );
    }
  });

  it('has the finer baseline of the report', () => {
    const { n_delays, cutoff_rate_at_latency, mean_latency_at_cutoff } = expected.vad_report;
    expect(evaluation.vad.delays).toBe(n_delays);
    expect(evaluation.vad.cutoffRates).toEqual([cutoff_rate_at_latency['0.3'], cutoff_rate_at_latency['0.6']]);
    const [, ...delaysS] = evaluation.vad.delaysS;
    expect(delaysS.map((delayS) => delayS ?? null)).toEqual([
      mean_latency_at_cutoff['0.05'],
      mean_latency_at_cutoff['0.1'],
    ]);
  });
});

function knobsOf(row: PolicyRow): number[] {
  return [
    row.threshold ?? -1,
    row.actionDelayS,
    row.timeoutS,
    row.cutoffRate,
    row.meanLatencyS,
    row.timeoutRate,
    row.detectRate,
  ];
}

function knobsOnDisk(point: Fields): unknown[] {
  const { threshold, action_delay, timeout, cutoff_rate, mean_latency, timeout_rate, detect_rate } = point;
  return [threshold, action_delay, timeout, cutoff_rate, mean_latency, timeout_rate, detect_rate];
}

describe('rows of a data set', () => {
  it.each(fixture.io_cases)('has the span set of $row.id', (stored) => {
    const spans = spanSet([toTurn(stored.row)], stored.min_silence_span).map((span) => ({
      ...{ span_index: span.spanIndex, label: span.label, start: span.startS, end: span.endS },
      duration: span.durationS,
    }));
    expect(spans).toEqual(stored.span_set);
  });

  it.each(fixture.io_cases)('holds the latest event of $row.id inside each silence', (stored) => {
    const events = stored.events.map(({ timestamp, p_eot }) => ({ timestampS: timestamp, pEot: p_eot }));
    const rows = rowsFromEvents(turnSpans(toTurn(stored.row)), events).map((row) => {
      return [row.spanIndex, row.timestampS, row.silenceS, row.pEot, row.label];
    });
    expect(keysOf(stored.event_row_fields)).toBe('span_index timestamp silence_dur p_eot label');
    expect(rows).toEqual(stored.event_rows);
  });

  it.each(fixture.io_cases)('asks about $row.id when the public harness does, and shows what it shows', (stored) => {
    const turn = toTurn(stored.row);
    const asked = turnSpans(turn, stored.min_silence_span).flatMap(({ spanIndex, label, startS, endS }) => {
      const { timesS, silencesS } = timeGrid(startS, endS, stored.inference_interval);
      return timesS.map((timeS, i) => {
        const { start, end } = visibleSamples(timeS, stored.sample_rate, stored.max_audio_sec ?? undefined);
        const heard = Math.min(end, stored.n_samples) - start;
        const messages = visibleMessages(turn, timeS, stored.transcript_lag);
        return [spanIndex, timeS, silencesS[i], label, start, end, heard, messages];
      });
    });
    expect(asked).toEqual(stored.examples);
  });

  it.each(fixture.grid_cases)('grid from %f to %f in steps of %f', (startS, endS, stepS, timesS, silencesS) => {
    expect(timeGrid(startS, endS, stepS)).toEqual({ timesS, silencesS });
  });
});

describe('what the public metrics refuse', () => {
  const REFUSALS: Readonly<Record<string, RegExp>> = {
    conflicting_labels: /turn a, silence 0: rows call it both hold and eot/,
    no_spans: /no silence is left/,
    need_hold_and_eot: /needs pauses and ends of turn/,
    delay_below_min_hold: /begin at 0.1 s, below the shortest pause/,
    missing_score: /has no score at the score point/,
    missing_eot_score: /the eot silence has no score at the score point/,
    wrong_score_time: /the first score from the score point of 0.2 s on is at/,
    missing_eot_max_score: /the eot silence has no score/,
    no_action_delay_at_or_above_score_point: /no action delay is at or above the score point/,
    min_hold_negative: /shortest pause must be at least 0/,
    max_hold_below_min: /must not be shorter than the shortest/,
    bad_grid: /the (thresholds|action delays|timeouts)/,
    score_point_negative: /the score point must be/,
  };

  it.each(fixture.error_cases)('$name', (stored) => {
    const evaluate = () => evaluatePolicies(toPredictions(stored as StoredCase), optionsOf(stored.config));
    const refusal = REFUSALS[stored.expected_error];
    if (stored.expected_error === 'ok') expect(evaluate().spans.length).toBeGreaterThan(0);
    else expect(evaluate).toThrow(refusal ?? 'a refusal that this test knows');
  });
});
