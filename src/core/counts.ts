/**
 * Additive evidence. Counts and latency lists are the only things that are stored, merged, resumed and resampled;
 * rates and percentiles are derived last, from sums.
 */

import type { Task } from './events.js';

/** Event scoring of one task. */
export interface TaskCounts {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
  /** One per TP, in the order in which anchors are processed, ms, negative = early. */
  readonly latenciesMs: readonly number[];
}

/**
 * Where a step lies in the conversation, seen from the subject:
 * `subject` only the subject's turn, `overlap` both turns, `pause` a mid-turn pause of the subject (hold): gold floor 1;
 * `other` only the other's turn, `gap` silence at a change of speaker (shift), `silence` any other silence: gold floor 0.
 */
export const FLOOR_STATES = ['subject', 'overlap', 'pause', 'other', 'gap', 'silence'] as const;

export type FloorState = (typeof FLOOR_STATES)[number];

/** One value per state. */
export function byState<T>(make: (state: FloorState) => T): Record<FloorState, T> {
  return Object.fromEntries(FLOOR_STATES.map((state) => [state, make(state)])) as Record<FloorState, T>;
}

/** Scored steps in one state, by what the model answered. */
export interface StateCounts {
  /** Steps with model floor 1. */
  readonly held: number;
  /** Steps with model floor 0. */
  readonly released: number;
}

/** Everything counted for one conversation (both passes added) at one operating point. */
export interface Counts extends Readonly<Record<Task, TaskCounts>> {
  readonly floor: Readonly<Record<FloorState, StateCounts>>;
  /** Mid-turn pauses, and those through which the floor bit stayed 1. */
  readonly holds: { readonly total: number; readonly kept: number };
  /** Gaps from a gold EOT to the other's onset, and those in which the bit was 0 before the other started. */
  readonly shifts: { readonly total: number; readonly released: number };
  /** First EOT event of each gold turn against its anchor. Anchors = cutOffs + missed + latencies. */
  readonly endpoint: {
    /** Turns whose first event came more than 0.25 s before the anchor. */
    readonly cutOffs: number;
    /** Turns without any event until the subject's next turn began. */
    readonly missed: number;
    /** First event minus anchor, ms, for turns that were neither cut off nor missed. */
    readonly latenciesMs: readonly number[];
  };
  /** Events outside every scored region: EOT in the subject's own speech, INT in the other's. */
  readonly falseAlarms: Readonly<Record<Task, number>>;
  /** Speech in which a false alarm could happen, both passes added, s. EOT: the subject's turns; INT: the other's. */
  readonly speechS: number;
  /** Changes of the floor bit. */
  readonly flips: number;
  /** Audio scored, both passes added, s. */
  readonly passS: number;
}
