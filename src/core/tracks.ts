/** What a pass answered, step by step. */

import type { PerSpeaker } from './speaker.js';

/**
 * One floor bit per step, stored as its edges: `edges[0]` is the step where the bit first rises, `edges[1]` where it
 * falls again, and so on, ascending. Before the first step the floor is 0. A track of n steps with few turns is a
 * handful of numbers, and everything that is scored (events, floor time, flips) is read off the edges.
 */
export interface FloorTrack {
  readonly steps: number;
  readonly edges: Int32Array;
}

/**
 * P(floor) of one pass as far as thresholds can tell: per step, how many of them it exceeds. The floor at
 * `thresholds[k]` is 1 where the level is above k.
 */
export interface LevelTrack {
  /** Strictly ascending. */
  readonly thresholds: readonly number[];
  /** One per step. */
  readonly levels: Uint8Array | Uint16Array;
}

/** The answers of one pass in the form in which the model gave them. */
export type PassTrack =
  | { readonly kind: 'bit'; readonly floor: FloorTrack }
  | { readonly kind: 'bits'; readonly thresholds: readonly number[]; readonly floors: readonly FloorTrack[] }
  /** P(subject holds the floor), one per step. */
  | { readonly kind: 'probability'; readonly pFloor: Float64Array }
  /** P(subject holds the floor) went to a `ProbabilitySink` and was not kept. */
  | { readonly kind: 'streamed' };

/** Takes P(floor) of one pass as it is answered, so that nothing has to be kept per step. */
export interface ProbabilitySink {
  /** @param pFloor the next values, in [0, 1]. The buffer is reused: copy to keep. */
  push(pFloor: Float64Array): void;
}

/** Both passes of one conversation; the key is the subject. */
export type ConversationTracks = PerSpeaker<PassTrack>;
