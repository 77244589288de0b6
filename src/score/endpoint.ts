/**
 * Endpointing: what the first end-of-turn event of a turn would have done in a live system.
 *
 * A turn ends in a gold EOT anchor. It starts at the start of the subject's first turn segment (by start) that ends
 * after the subject's previous anchor, and it is due until the subject's first segment that starts after the anchor,
 * or the end of the audio: no other bound, so a very late endpoint counts with its latency. (As in gold construction,
 * a segment that starts at the very moment of the anchor does not start after it.)
 *
 *   subject  |--segment--|  pause  |--segment--|A             |--next turn
 *            ^ turn start                      ^ anchor       ^ next start
 *              [ cut off: before A − 0.25 s ][ latency        ]
 *
 * The first event after the turn start, and not after the next start, decides: more than 0.25 s before the anchor is
 * a cut-off, otherwise event − anchor is the latency; without any event the turn is missed. Excluded intervals play
 * no part: a live system would have acted.
 */

import type { Counts } from '../core/counts.js';
import type { Gold } from '../core/gold.js';
import { startsOf } from '../core/intervals.js';
import { upperBound } from '../core/search.js';
import { type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { TAU_PRE_S } from './match.js';

/** Gold turns of one subject by time, s. */
export interface EndpointTurns {
  readonly startsS: Float64Array;
  readonly anchorsS: Float64Array;
  readonly nextStartsS: Float64Array;
}

export function endpointTurns(gold: Gold): PerSpeaker<EndpointTurns> {
  return perSpeaker((speaker) => turnsOf(gold, speaker));
}

/** @param eotS ascending times of the EOT events of each subject, s. */
export function scoreEndpoints(
  turns: PerSpeaker<EndpointTurns>,
  eotS: PerSpeaker<readonly number[]>,
): Counts['endpoint'] {
  const latenciesMs: number[] = [];
  let cutOffs = 0;
  let missed = 0;
  for (const speaker of SPEAKERS) {
    const events = eotS[speaker];
    const { startsS, anchorsS, nextStartsS } = turns[speaker];
    let i = 0;
    for (let turn = 0; turn < anchorsS.length; turn++) {
      while (i < events.length && events[i]! <= startsS[turn]!) i++;
      const firstS = events[i];
      const anchorS = anchorsS[turn]!;
      if (firstS === undefined || firstS > nextStartsS[turn]!) missed++;
      else if (firstS < anchorS - TAU_PRE_S) cutOffs++;
      else latenciesMs.push((firstS - anchorS) * 1000);
    }
  }
  return { cutOffs, missed, latenciesMs };
}

function turnsOf(gold: Gold, speaker: Speaker): EndpointTurns {
  const segments = gold.turns[speaker];
  const segmentStartsS = startsOf(segments);
  const own = gold.eot.positives.filter((anchor) => anchor.speaker === speaker);
  const anchorsS = Float64Array.from(own, (anchor) => anchor.timeS).sort();
  const startsS = new Float64Array(anchorsS.length);
  const nextStartsS = new Float64Array(anchorsS.length);
  let first = 0;
  let previousAnchorS = Number.NEGATIVE_INFINITY;
  for (let turn = 0; turn < anchorsS.length; turn++) {
    const anchorS = anchorsS[turn]!;
    // A segment that ends by this anchor ends by every later one, so the search goes on where it stopped.
    while (first < segments.length && segments[first]!.endS <= previousAnchorS) first++;
    startsS[turn] = segmentStartsS[first] ?? anchorS;
    nextStartsS[turn] = segmentStartsS[upperBound(segmentStartsS, anchorS)] ?? Number.POSITIVE_INFINITY;
    previousAnchorS = anchorS;
  }
  return { startsS, anchorsS, nextStartsS };
}
