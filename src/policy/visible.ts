/**
 * What a model may know of a single turn at a moment: the audio so far and the text so far (eot-bench policy
 * specification, "Causal time grid"). Models here hear 20 ms steps and need none of it; it is for those who produce
 * prediction rows with a model that is asked about a stretch of audio, or reads.
 */

import type { UserTurn } from '../core/user-turn.js';
import { TIME_TOLERANCE_S } from './time-grid.js';

/** s. Speech recognition is taken to be so late. */
export const TRANSCRIPT_LAG_S = 0.5;

/** Half-open, in samples of the file; the end may lie beyond it. */
export interface SampleRange {
  readonly start: number;
  readonly end: number;
}

/** @param longestS of audio that the model takes, s; absent = all. */
export function visibleSamples(timeS: number, sampleRateHz: number, longestS?: number): SampleRange {
  const end = Math.floor(timeS * sampleRateHz + TIME_TOLERANCE_S);
  if (longestS === undefined) return { start: 0, end };
  return { start: Math.max(0, end - Math.ceil(longestS * sampleRateHz - TIME_TOLERANCE_S)), end };
}

/** What was said before the turn, and as one message the words of the turn that are known by now, if there are any. */
export function visibleMessages(
  { messages = [], words = [] }: Pick<UserTurn, 'messages' | 'words'>,
  timeS: number,
  lagS = TRANSCRIPT_LAG_S,
): NonNullable<UserTurn['messages']> {
  const known = words.filter(({ endS }) => endS <= timeS - lagS + TIME_TOLERANCE_S);
  const content = known.flatMap(({ word }) => word.trim() || []).join(' ');
  return content === '' ? messages : [...messages, { role: 'user', content }];
}
