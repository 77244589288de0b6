/**
 * Gaps: the silence in which the floor changes hands. A gap lies between a gold EOT anchor and the next turn onset
 * when nobody is speaking at the anchor (no turn with start ≤ anchor < end) and the next to start a turn, strictly
 * after it, is the other speaker. Where the other is already talking there is no gap: the change happened in overlap.
 */

import type { Gold, SpeakerInterval } from '../core/gold.js';
import { startsOf } from '../core/intervals.js';
import { upperBound } from '../core/search.js';
import { otherSpeaker, perSpeaker } from '../core/speaker.js';
import { spansOf, unionOf } from './interval-set.js';

/** @returns by gold order; `speaker` is the one whose turn ended. */
export function gapsOf(gold: Gold): SpeakerInterval[] {
  const startsS = perSpeaker((speaker) => startsOf(gold.turns[speaker]));
  const speech = unionOf(spansOf(gold.turns[1]), spansOf(gold.turns[2]));
  const gaps: SpeakerInterval[] = [];
  for (const { speaker, timeS } of gold.eot.positives) {
    const stretch = upperBound(speech.startsS, timeS) - 1;
    if (stretch >= 0 && timeS < speech.endsS[stretch]!) continue;
    const [own, other] = [startsS[speaker], startsS[otherSpeaker(speaker)]];
    const onsetS = other[upperBound(other, timeS)];
    const resumedS = own[upperBound(own, timeS)] ?? Number.POSITIVE_INFINITY;
    if (onsetS !== undefined && onsetS < resumedS) gaps.push({ speaker, startS: timeS, endS: onsetS });
  }
  return gaps;
}
