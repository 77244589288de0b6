/** The parity vectors, as stored, and their inputs as the product wants them. */

import type { Annotations, Segment } from '../../src/core/conversation.js';
import type { Task } from '../../src/core/events.js';
import type { TaskGold } from '../../src/core/gold.js';
import { type PerSpeaker, perSpeaker, type Speaker, speakerKey } from '../../src/core/speaker.js';
import { readFixture } from './fixtures.js';

export interface StoredEvent {
  readonly speaker: Speaker;
  readonly time_s: number;
}

export interface StoredSpan {
  readonly speaker: Speaker;
  readonly start: number;
  readonly end: number;
}

type BySpeakerKey<T> = Readonly<Record<'speaker_1' | 'speaker_2', T>>;

interface StoredSegment {
  readonly start_s: number;
  readonly end_s: number;
  readonly label: string;
}

export type StoredAnnotations = BySpeakerKey<Readonly<Record<'a' | 'b' | 'c', readonly StoredSegment[]>>>;

export interface StoredScores {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
  readonly recall: number | null;
  readonly fp_rate: number | null;
  readonly latencies_ms: readonly number[];
  readonly latency_ms: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
}

export interface ParityConversation {
  readonly conversation_id: string;
  readonly kind: string;
  readonly duration_s: number;
  readonly annotations: StoredAnnotations;
  readonly predictions: BySpeakerKey<{ readonly eot: number[]; readonly interruption: number[] }>;
  readonly gold: {
    readonly eot_positive_events: readonly StoredEvent[];
    readonly int_positive_events: readonly StoredEvent[];
    readonly eot_negative_spans: readonly StoredSpan[];
    readonly int_negative_spans: readonly StoredSpan[];
    readonly eot_excluded: readonly StoredSpan[];
    readonly int_excluded: readonly StoredSpan[];
  };
  readonly scores: Readonly<Record<Task, StoredScores>>;
}

export interface ConsensusConversation {
  readonly conversation_id: string;
  readonly label_events: readonly (StoredSpan & { readonly label: string })[];
  readonly turn_events: readonly (StoredSpan & { readonly label: string })[];
  readonly label_excluded: readonly StoredSpan[];
  readonly turn_excluded: readonly StoredSpan[];
}

/** theta, recall, fp_rate, false_int_rate, lat_p10, lat_p50, lat_p90, tp, fp, fn. */
export type StoredRow = readonly (number | null)[];

export interface SweepCase {
  readonly name: string;
  readonly task: Task;
  readonly frame_rate_hz: number;
  readonly refractory_s: number;
  readonly refractory_frames: number;
  readonly conversations: readonly { readonly conversation_id: string; readonly annotations: StoredAnnotations }[];
  readonly probs_file: StoredProbs;
  readonly expected: {
    readonly uniform_rows: readonly StoredRow[];
    readonly uniform_operating_point: StoredRow | null;
    readonly candidate_rows: readonly StoredRow[];
    readonly operating_point: StoredRow | null;
    readonly candidate_thetas_n16: readonly number[];
    readonly 'commits_at_0.5': Readonly<Record<string, BySpeakerKey<readonly number[]>>>;
  };
}

export interface StoredProbs {
  readonly probs: readonly (BySpeakerKey<{ readonly prob: number[] }> & { readonly conversation_id: string })[];
}

export interface Micro {
  readonly round4: readonly (readonly [number, number])[];
  readonly median: readonly { readonly values: number[]; readonly median: number; readonly round4: number }[];
  readonly percentile: readonly { values: number[]; p10: number | null; p50: number | null; p90: number | null }[];
  readonly merge_intervals: readonly {
    readonly intervals: [number, number][];
    readonly expected: [number, number][];
  }[];
  readonly frame_count: readonly (readonly [durationS: number, frameRateHz: number, frames: number])[];
  readonly commit_events: readonly {
    readonly prob: number[];
    readonly frame_rate_hz: number;
    readonly theta: number;
    readonly refractory_s: number;
    readonly refractory_frames: number;
    readonly expected: number[];
  }[];
  readonly candidate_thetas: readonly { readonly probs_file: StoredProbs; n: number; expected: number[] }[];
  readonly score_task: readonly {
    readonly positive_events: readonly StoredEvent[];
    readonly negative_spans: readonly StoredSpan[];
    readonly excluded: readonly StoredSpan[];
    readonly predicted: BySpeakerKey<number[]>;
    readonly expected: StoredScores;
  }[];
}

export const parity = readFixture<{
  conversations: readonly ParityConversation[];
  aggregate: Readonly<Record<Task, StoredScores>>;
}>('parity/parity-open');

export function readConsensus(): readonly ConsensusConversation[] {
  return readFixture<{ conversations: readonly ConsensusConversation[] }>('parity/consensus-open').conversations;
}

export function readSweep(): { fp_budget: number; uniform_thetas: number[]; cases: readonly SweepCase[] } {
  return readFixture('parity/sweep-open');
}

export function readMicro(): Micro {
  return readFixture('parity/micro-open');
}

export function toAnnotations(stored: StoredAnnotations): Annotations {
  return perSpeaker((speaker) =>
    (['a', 'b', 'c'] as const).map((annotator) => ({
      annotator,
      segments: stored[speakerKey(speaker)][annotator].map(
        ({ start_s, end_s, label }): Segment => ({ startS: start_s, endS: end_s, label }),
      ),
    })),
  );
}

export function toTaskGold(
  positives: readonly StoredEvent[],
  negatives: readonly StoredSpan[],
  excluded: readonly StoredSpan[],
): TaskGold {
  const toInterval = ({ speaker, start, end }: StoredSpan) => ({ speaker, startS: start, endS: end });
  return {
    positives: positives.map(({ speaker, time_s }) => ({ speaker, timeS: time_s })),
    negatives: negatives.map(toInterval),
    excluded: excluded.map(toInterval),
  };
}

export function bySpeaker<T>(stored: BySpeakerKey<T>): PerSpeaker<T> {
  return { 1: stored.speaker_1, 2: stored.speaker_2 };
}

/** Counts and rates in the stored shape: an absent number is null, and so are the percentiles of nothing. */
export function toStoredScores(
  counts: { tp: number; fn: number; fp: number; tn: number; latenciesMs: readonly number[] },
  rates: {
    recall: number | undefined;
    fpRate: number | undefined;
    latencyMs: { p10: number | undefined; p50: number | undefined; p90: number | undefined };
  },
): unknown {
  const { tp, fn, fp, tn, latenciesMs } = counts;
  return {
    tp,
    fn,
    fp,
    tn,
    recall: rates.recall ?? null,
    fp_rate: rates.fpRate ?? null,
    latencies_ms: latenciesMs,
    latency_ms: latenciesMs.length === 0 ? null : rates.latencyMs,
  };
}
