/** The vectors of the public eot-bench metrics, as they are stored. */

import type { UserTurn } from '../../src/core/user-turn.js';
import type { PolicyOptions } from '../../src/policy/config.js';
import type { PredictionRow } from '../../src/policy/predictions.js';

export type Fields = Readonly<Record<string, number | string | null>>;

export interface PolicyFixture {
  readonly cases: readonly (StoredCase & { readonly expected: StoredResult })[];
  readonly io_cases: readonly StoredTurn[];
  readonly grid_cases: readonly (readonly [number, number, number, number[], number[]])[];
  readonly error_cases: readonly (StoredCase & { readonly expected_error: string })[];
}

export interface StoredCase {
  readonly name: string;
  readonly language?: string;
  readonly config: {
    readonly score_point_s: number | null;
    readonly thresholds: number[] | null;
    readonly action_delays: number[] | null;
    readonly timeouts: number[] | null;
    readonly min_hold_span_duration: number;
    readonly max_hold_span_duration: number;
  };
  readonly prediction_fields: readonly string[];
  readonly predictions: readonly (readonly [string, number, number, number, number | null, 'hold' | 'eot'])[];
}

interface StoredResult {
  readonly span_fields: readonly string[];
  readonly spans: readonly unknown[];
  readonly row_fields: readonly string[];
  readonly rows: readonly unknown[];
  readonly n_pareto: number;
  readonly summary: {
    readonly auc: number;
    readonly ap: number;
    readonly n_hold_spans: number;
    readonly n_eot_spans: number;
    readonly operating_points: Readonly<Record<string, Fields | null>>;
    readonly mean_frontier_latency_0_10: number | null;
    readonly sweep_action_delays: readonly number[];
    readonly sweep_timeouts: readonly number[];
  };
  readonly comparison_points: Readonly<Record<'cutoff_rate' | 'mean_latency', readonly Comparison[]>>;
  readonly vad_report: {
    readonly n_delays: number;
    readonly cutoff_rate_at_latency: Readonly<Record<string, number>>;
    readonly mean_latency_at_cutoff: Readonly<Record<string, number | null>>;
  };
}

interface Comparison {
  readonly feasible: boolean;
  readonly row?: number;
}

interface StoredTurn {
  readonly row: StoredTurnRow;
  readonly inference_interval: number;
  readonly transcript_lag: number;
  readonly max_audio_sec: number | null;
  readonly min_silence_span: number;
  readonly n_samples: number;
  readonly sample_rate: number;
  readonly span_set: readonly unknown[];
  readonly examples: readonly (readonly unknown[])[];
  readonly events: readonly { readonly timestamp: number | null; readonly p_eot: number }[];
  readonly event_row_fields: readonly string[];
  readonly event_rows: readonly unknown[];
}

export interface StoredTurnRow {
  readonly id: string;
  readonly language: string;
  readonly silence_spans: readonly { readonly start: number; readonly end: number }[];
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly words?: readonly { readonly word: string; readonly start: number; readonly end: number }[];
}

export function toPredictions({ predictions, prediction_fields, language = 'en' }: StoredCase): PredictionRow[] {
  if (keysOf(prediction_fields) !== 'id span_index timestamp silence_dur p_eot label') throw new Error('other fields');
  return predictions.map(([id, spanIndex, timestampS, silenceS, pEot, label]) => {
    return { id, language, spanIndex, timestampS, silenceS, pEot, label };
  });
}

export function optionsOf(config: StoredCase['config']): PolicyOptions {
  return {
    scorePointS: config.score_point_s,
    thresholds: config.thresholds ?? undefined,
    actionDelaysS: config.action_delays ?? undefined,
    timeoutsS: config.timeouts ?? undefined,
    minHoldS: config.min_hold_span_duration,
    maxHoldS: config.max_hold_span_duration,
  };
}

export function toTurn({ id, language, silence_spans, messages = [], words = [] }: StoredTurnRow): UserTurn {
  const silenceSpans = silence_spans.map(({ start, end }) => ({ startS: start, endS: end }));
  const spoken = words.map(({ word, start, end }) => ({ word, startS: start, endS: end }));
  return { id, language, durationS: 60, silenceSpans, messages, words: spoken };
}

export function keysOf(fields: readonly string[]): string {
  return fields.join(' ');
}
