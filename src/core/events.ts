/** Committed events: what a model said, stamped with the audio time at which it was said. */

import type { PerSpeaker } from './speaker.js';

export type Task = 'eot' | 'int';

export const TASKS = ['eot', 'int'] as const satisfies readonly Task[];

/** Times of one subject's events, s, strictly increasing. */
export interface SpeakerEvents {
  /** Ends of turn: the floor bit fell. */
  readonly eot: readonly number[];
  /** Floor-taking onsets (interruption candidates): the floor bit rose. */
  readonly int: readonly number[];
}

export type ConversationEvents = PerSpeaker<SpeakerEvents>;
