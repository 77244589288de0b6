/**
 * What at least two annotators agree on, in one view (scoring specification, section 2).
 *
 * In: per speaker the tracks of up to three annotators, in file order. Out: consensus events in acceptance order,
 * speaker 1 first, and the intervals where some annotator marked something that nobody confirmed. Nearest candidates
 * are found among segments sorted by start, so the cost grows with the number of segments, not with its square.
 *
 * With one annotator nothing can be confirmed: that track is the gold as annotated (times not rounded), in file
 * order, and nothing is excluded. With two, both must agree.
 */

import type { Annotations, AnnotatorTrack } from '../core/conversation.js';
import type { CanonicalLabel, LabelledInterval, SpeakerInterval } from '../core/gold.js';
import { byStart, startsOf } from '../core/intervals.js';
import { lowerBound } from '../core/search.js';
import { SPEAKERS, type Speaker } from '../core/speaker.js';
import { indexIntervals, mergeIntervals, overlapsAny } from './intervals.js';
import type { LabelView } from './labels.js';
import { median, round4 } from './rounding.js';

/** Most that starts, and most that ends, of agreeing segments may lie apart, s. */
const TIME_TOLERANCE_S = 0.2;
/** Farthest start of a candidate, s. */
const OVERLAP_WINDOW_S = 0.5;
/** Where candidates are looked for: a little farther, so that only the literal comparison of distances decides. */
const SEARCH_WINDOW_S = 0.51;
const MAX_ANNOTATORS = 3;

export interface Consensus {
  readonly events: readonly LabelledInterval[];
  readonly excluded: readonly SpeakerInterval[];
}

interface Marked {
  readonly startS: number;
  readonly endS: number;
  readonly label: CanonicalLabel;
  /** Place in the file among the segments of this view. */
  readonly order: number;
  used: boolean;
}

type Agreeing = readonly [Marked, Marked] | readonly [Marked, Marked, Marked];

interface MarkedTrack {
  readonly inFileOrder: readonly Marked[];
  readonly byStart: readonly Marked[];
  readonly startsS: Float64Array;
}

export function findConsensus(annotations: Annotations, view: LabelView): Consensus {
  const events: LabelledInterval[] = [];
  const excluded: SpeakerInterval[] = [];
  for (const speaker of SPEAKERS) {
    const tracks = annotations[speaker].map((track) => markedTrack(track, view));
    if (tracks.length > MAX_ANNOTATORS) throw new Error(`${tracks.length} annotators, at most ${MAX_ANNOTATORS}`);
    const only = tracks.length === 1 ? tracks[0] : undefined;
    if (only) {
      events.push(...only.inFileOrder.map(({ startS, endS, label }) => ({ speaker, startS, endS, label })));
      continue;
    }
    const agreed = agree(tracks, speaker);
    events.push(...agreed);
    excluded.push(...disputed(tracks, agreed, speaker));
  }
  return { events, excluded };
}

function markedTrack(track: AnnotatorTrack, view: LabelView): MarkedTrack {
  const inFileOrder: Marked[] = [];
  for (const { startS, endS, label: fine } of track.segments) {
    const label = view.get(fine);
    if (label) inFileOrder.push({ startS, endS, label, order: inFileOrder.length, used: false });
  }
  const sorted = byStart(inFileOrder);
  return { inFileOrder, byStart: sorted, startsS: startsOf(sorted) };
}

/** Accept events anchor by anchor, marking the segments they are made of as used. */
function agree(tracks: readonly MarkedTrack[], speaker: Speaker): LabelledInterval[] {
  const events: LabelledInterval[] = [];
  for (const [i, track] of tracks.entries()) {
    const second = tracks[i + 1];
    const third = tracks[i + 2];
    if (!second) break;
    for (const anchor of track.inFileOrder) {
      if (anchor.used) continue;
      const members = largestAgreeing(anchor, nearest(second, anchor), third && nearest(third, anchor));
      if (!members) continue;
      for (const member of members) member.used = true;
      const [, b, c] = members;
      events.push({
        speaker,
        startS: round4(median(anchor.startS, b.startS, c?.startS)),
        endS: round4(median(anchor.endS, b.endS, c?.endS)),
        label: anchor.label,
      });
    }
  }
  return events;
}

/** The unused segment of the same label whose start is nearest; of equally near ones the first in the file. */
function nearest(track: MarkedTrack, anchor: Marked): Marked | undefined {
  let best: Marked | undefined;
  let bestDistanceS = OVERLAP_WINDOW_S;
  const lastS = anchor.startS + SEARCH_WINDOW_S;
  for (let i = lowerBound(track.startsS, anchor.startS - SEARCH_WINDOW_S); i < track.byStart.length; i++) {
    const candidate = track.byStart[i]!;
    if (candidate.startS > lastS) break;
    if (candidate.used || candidate.label !== anchor.label) continue;
    const distanceS = Math.abs(candidate.startS - anchor.startS);
    if (distanceS > bestDistanceS) continue;
    if (best && distanceS === bestDistanceS && candidate.order > best.order) continue;
    best = candidate;
    bestDistanceS = distanceS;
  }
  return best;
}

/** The anchor with both partners, else with the first, else with the second; nothing when nobody agrees. */
function largestAgreeing(anchor: Marked, first?: Marked, second?: Marked): Agreeing | undefined {
  if (first && second && within(anchor, first, second)) return [anchor, first, second];
  if (first && within(anchor, first, first)) return [anchor, first];
  if (second && within(anchor, second, second)) return [anchor, second];
  return undefined;
}

function within(a: Marked, b: Marked, c: Marked): boolean {
  return (
    Math.max(a.startS, b.startS, c.startS) - Math.min(a.startS, b.startS, c.startS) <= TIME_TOLERANCE_S &&
    Math.max(a.endS, b.endS, c.endS) - Math.min(a.endS, b.endS, c.endS) <= TIME_TOLERANCE_S
  );
}

/** Unconfirmed segments, unless an accepted event overlaps them (raw against rounded times); merged, then rounded. */
function disputed(
  tracks: readonly MarkedTrack[],
  agreed: readonly LabelledInterval[],
  speaker: Speaker,
): SpeakerInterval[] {
  const accepted = indexIntervals(agreed);
  const unmatched: Marked[] = [];
  for (const { inFileOrder } of tracks) {
    for (const segment of inFileOrder) {
      if (!segment.used && !overlapsAny(accepted, segment.startS, segment.endS)) unmatched.push(segment);
    }
  }
  return mergeIntervals(unmatched).map(({ startS, endS }) => ({
    speaker,
    startS: round4(startS),
    endS: round4(endS),
  }));
}
