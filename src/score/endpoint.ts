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
import { upperBound } from '../core/search.js';
import { type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { TAU_PRE_S } from './match.js';

/** One gold turn, s. */
export interface EndpointTurn {
  readonly startS: number;
  readonly anchorS: number;
  readonly nextStartS: number;
}

/** The gold turns of each subject by time. */
export function endpointTurns(gold: Gold): PerSpeaker<readonly EndpointTurn[]> {
  return perSpeaker((speaker) => turnsOf(gold, speaker));
}

/** @param eotS ascending times of the EOT events of each subject, s. */
export function scoreEndpoints(
  turns: PerSpeaker<readonly EndpointTurn[]>,
  eotS: PerSpeaker<readonly number[]>,
): Counts['endpoint'] {
  const latenciesMs: number[] = [];
  let cutOffs = 0;
  let missed = 0;
  for (const speaker of SPEAKERS) {
    const events = eotS[speaker];
    let i = 0;
    for (const { startS, anchorS, nextStartS } of turns[speaker]) {
      while (i < events.length && events[i]! <= startS) i++;
      const firstS = events[i];
      if (firstS === undefined || firstS > nextStartS) missed++;
      else if (firstS < anchorS - TAU_PRE_S) cutOffs++;
      else latenciesMs.push((firstS - anchorS) * 1000);
    }
  }
  return { cutOffs, missed, latenciesMs };
}

function turnsOf(gold: Gold, speaker: Speaker): EndpointTurn[] {
  const segments = gold.turns[speaker];
  const startsS = segments.map((segment) => segment.startS);
  const anchorsS = gold.eot.positives
    .filter((anchor) => anchor.speaker === speaker)
    .map((anchor) => anchor.timeS)
    .sort((a, b) => a - b);
  const turns: EndpointTurn[] = [];
  let first = 0;
  let previousAnchorS = Number.NEGATIVE_INFINITY;
  for (const anchorS of anchorsS) {
    // A segment that ends by this anchor ends by every later one, so the search goes on where it stopped.
    while (first < segments.length && segments[first]!.endS <= previousAnchorS) first++;
    turns.push({
      startS: startsS[first] ?? anchorS,
      anchorS,
      nextStartS: startsS[upperBound(startsS, anchorS)] ?? Number.POSITIVE_INFINITY,
    });
    previousAnchorS = anchorS;
  }
  return turns;
}
