/**
 * Ends of turn (scoring specification, section 3). Where a speaker's segment ends, either the turn is over (the other
 * speaks or speaks next, or nobody of this speaker's follows): a positive; or the speaker goes on: a pause, in which
 * an end of turn would be wrong: a negative span, cut short where something else happens or annotators disagree.
 */

import type { Anchor, Interval, LabelledInterval, SpeakerInterval, TaskGold } from '../core/gold.js';
import { otherSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import type { Consensus } from './consensus.js';
import { firstStartOfThoseEndingAfter, indexIntervals, nextStartAfter, overlapsAny } from './intervals.js';

export function eotEventSets(turnView: Consensus<Interval>, labelView: Consensus<LabelledInterval>): TaskGold {
  const excluded = [...turnView[1].excluded, ...turnView[2].excluded];
  const disputed = indexIntervals([...excluded, ...labelView[1].excluded, ...labelView[2].excluded]);
  const positives: Anchor[] = [];
  const negatives: SpeakerInterval[] = [];

  for (const speaker of SPEAKERS) {
    const own = turnView[speaker].index;
    const other = turnView[otherSpeaker(speaker)].index;
    const cutsS = pauseCuts(labelView, speaker);
    // What follows depends on the end alone, so a second segment with the same end adds nothing.
    const ends = new Set(turnView[speaker].eventsByStart.map((turn) => turn.endS));
    for (const endS of ends) {
      if (overlapsAny(own, endS, endS)) continue;
      const nextSelfS = nextStartAfter(own.startsS, endS);
      const otherNextS = nextStartAfter(other.startsS, endS);
      const otherSpeaking = overlapsAny(other, endS, endS);
      if (nextSelfS === Number.POSITIVE_INFINITY || otherNextS < nextSelfS || otherSpeaking) {
        positives.push({ speaker, timeS: endS });
        continue;
      }
      // A dispute that begins after the pause cuts nothing; the minimum takes care of it.
      const disputeS = firstStartOfThoseEndingAfter(disputed, endS);
      const pauseEndS = Math.min(nextSelfS, disputeS, nextStartAfter(cutsS, endS));
      if (pauseEndS > endS) negatives.push({ speaker, startS: endS, endS: pauseEndS });
    }
  }
  return { positives, negatives, excluded };
}

/** Ascending starts of what ends a speaker's pause early: own sounds that are no turn, and the other's attempts. */
function pauseCuts(labelView: Consensus<LabelledInterval>, speaker: Speaker): Float64Array {
  const cutsS: number[] = [];
  for (const { label, startS } of labelView[speaker].events) {
    if (label !== 'Turn') cutsS.push(startS);
  }
  for (const { label, startS } of labelView[otherSpeaker(speaker)].events) {
    if (label === 'Interruption' || label === 'NonFloorTakingInterruption') cutsS.push(startS);
  }
  return Float64Array.from(cutsS).sort();
}
