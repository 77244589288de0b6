/**
 * Ends of turn (scoring specification, section 3). Where a speaker's segment ends, either the turn is over (the other
 * speaks or speaks next, or nobody of this speaker's follows): a positive; or the speaker goes on: a pause, in which
 * an end of turn would be wrong: a negative span, cut short where something else happens or annotators disagree.
 */

import type { Anchor, LabelledInterval, SpeakerInterval, TaskGold } from '../core/gold.js';
import { startsOf } from '../core/intervals.js';
import { otherSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import type { Consensus } from './consensus.js';
import { firstStartOfThoseEndingAfter, indexIntervals, nextStartAfter, overlapsAny } from './intervals.js';

/** @param turnsByStart turn-view segments per speaker, ordered by start (stable). */
export function eotEventSets(
  turnsByStart: Readonly<Record<Speaker, readonly LabelledInterval[]>>,
  turnView: Consensus,
  labelView: Consensus,
): TaskGold {
  const turns = perSpeaker((speaker) => indexIntervals(turnsByStart[speaker]));
  const disputed = indexIntervals([...turnView.excluded, ...labelView.excluded]);
  const positives: Anchor[] = [];
  const negatives: SpeakerInterval[] = [];

  for (const speaker of SPEAKERS) {
    const own = turns[speaker];
    const other = turns[otherSpeaker(speaker)];
    const cutsS = pauseCuts(labelView.events, speaker);
    // What follows depends on the end alone, so a second segment with the same end adds nothing.
    const ends = new Set(turnsByStart[speaker].map((segment) => segment.endS));
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
  return { positives, negatives, excluded: turnView.excluded };
}

/** Ascending starts of what ends a speaker's pause early: own sounds that are no turn, and the other's attempts. */
function pauseCuts(events: readonly LabelledInterval[], speaker: Speaker): Float64Array {
  const cuts = events.filter((event) =>
    event.speaker === speaker
      ? event.label !== 'Turn'
      : event.label === 'Interruption' || event.label === 'NonFloorTakingInterruption',
  );
  return startsOf(cuts).sort();
}
