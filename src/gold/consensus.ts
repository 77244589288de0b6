/**
 * What at least two annotators agree on, in one view (scoring specification, section 2).
 *
 * In: the marks of up to three annotators on each channel. Out: consensus events in acceptance order and the intervals
 * where some annotator marked something that nobody confirmed. Nearest candidates are found among segments sorted by
 * start, so the cost grows with the number of segments, not with its square.
 *
 * With one annotator nothing can be confirmed: that track is the gold as annotated (times not rounded), in file
 * order, and nothing is excluded. With two, both must agree.
 */

import type { CanonicalLabel, Interval, LabelledInterval, SpeakerInterval } from '../core/gold.js';
import { byStart } from '../core/intervals.js';
import { type PerSpeaker, perSpeaker, type Speaker } from '../core/speaker.js';
import { type IntervalIndex, indexIntervals, mergeIntervals, overlapsAny } from './intervals.js';
import { CANONICAL_LABELS, canonicalNumbers, type LabelView } from './labels.js';
import type { Marks } from './marks.js';
import { NOBODY, Partners } from './partners.js';
import { median, round4 } from './rounding.js';

/** Most that starts, and most that ends, of agreeing segments may lie apart, s. */
const TIME_TOLERANCE_S = 0.2;

export interface SpeakerConsensus<Event extends Interval> {
  /** In acceptance order. */
  readonly events: readonly Event[];
  /** The same by start, equal starts in acceptance order. */
  readonly eventsByStart: readonly Event[];
  readonly index: IntervalIndex;
  readonly excluded: readonly SpeakerInterval[];
}

export type Consensus<Event extends Interval> = PerSpeaker<SpeakerConsensus<Event>>;

/** Makes an event in the form in which it is kept: whoever needs no label does not pay for it. */
type ToEvent<Event> = (speaker: Speaker, startS: number, endS: number, label: CanonicalLabel) => Event;

export function labelled(speaker: Speaker, startS: number, endS: number, label: CanonicalLabel): LabelledInterval {
  return { speaker, startS, endS, label };
}

export function findConsensus<Event extends Interval>(
  marks: PerSpeaker<Marks>,
  view: LabelView,
  toEvent: ToEvent<Event>,
): Consensus<Event> {
  const canonical = canonicalNumbers(view);
  return perSpeaker((speaker) => consensusOf(marks[speaker], canonical, speaker, toEvent));
}

/** The label of what this view drops, and of what is part of an event already. */
const GONE = 0;

function consensusOf<Event extends Interval>(
  marks: Marks,
  canonical: Uint8Array,
  speaker: Speaker,
  toEvent: ToEvent<Event>,
): SpeakerConsensus<Event> {
  const labels = inView(marks.labels, canonical);
  const annotators = marks.offsets.length - 1;
  const events =
    annotators === 1 ? asAnnotated(marks, labels, speaker, toEvent) : agree(marks, labels, speaker, toEvent);
  const eventsByStart = byStart(events);
  const index = indexIntervals(eventsByStart);
  return { events, eventsByStart, index, excluded: annotators === 1 ? [] : disputed(marks, labels, index, speaker) };
}

function inView(fine: Uint8Array, canonical: Uint8Array): Uint8Array {
  const labels = new Uint8Array(fine.length);
  for (let i = 0; i < labels.length; i++) labels[i] = canonical[fine[i]!]!;
  return labels;
}

function asAnnotated<Event>(
  { startsS, endsS }: Marks,
  labels: Uint8Array,
  speaker: Speaker,
  toEvent: ToEvent<Event>,
): Event[] {
  const events: Event[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === GONE) continue;
    events.push(toEvent(speaker, startsS[i]!, endsS[i]!, CANONICAL_LABELS[labels[i]!]!));
  }
  return events;
}

/** Accept events anchor by anchor; the segments they are made of are gone for the anchors after. */
function agree<Event>(marks: Marks, labels: Uint8Array, speaker: Speaker, toEvent: ToEvent<Event>): Event[] {
  const { startsS, endsS, offsets } = marks;
  const events: Event[] = [];
  // Anchors look at later annotators only, so the last one has nobody to agree with.
  for (let annotator = 0; annotator + 2 < offsets.length; annotator++) {
    const next = new Partners(marks, labels, annotator + 1);
    const afterNext = new Partners(marks, labels, annotator + 2);
    for (let anchor = offsets[annotator]!; anchor < offsets[annotator + 1]!; anchor++) {
      const label = labels[anchor]!;
      if (label === GONE) continue;
      let second = next.nearest(anchor);
      let third = afterNext.nearest(anchor);
      // All three, else with the first partner alone, else with the other alone.
      if (!agrees(marks, anchor, second, third)) {
        if (!agrees(marks, anchor, second, second)) second = third;
        if (!agrees(marks, anchor, second, second)) continue;
        third = NOBODY;
      }
      labels[anchor] = GONE;
      labels[second] = GONE;
      if (third !== NOBODY) labels[third] = GONE;
      const startS = middle(startsS, anchor, second, third);
      const endS = middle(endsS, anchor, second, third);
      events.push(toEvent(speaker, startS, endS, CANONICAL_LABELS[label]!));
    }
  }
  return events;
}

/** Whether all three are there and lie close together; two are asked for by naming one of them twice. */
function agrees({ startsS, endsS }: Marks, a: number, b: number, c: number): boolean {
  return b !== NOBODY && c !== NOBODY && isTight(startsS, a, b, c) && isTight(endsS, a, b, c);
}

function isTight(timesS: Float64Array, a: number, b: number, c: number): boolean {
  const latestS = Math.max(timesS[a]!, timesS[b]!, timesS[c]!);
  return latestS - Math.min(timesS[a]!, timesS[b]!, timesS[c]!) <= TIME_TOLERANCE_S;
}

function middle(timesS: Float64Array, a: number, b: number, c: number): number {
  return round4(c === NOBODY ? median(timesS[a]!, timesS[b]!) : median(timesS[a]!, timesS[b]!, timesS[c]!));
}

/** Unconfirmed segments, unless an accepted event overlaps them (raw against rounded times); merged, then rounded. */
function disputed(
  { startsS, endsS }: Marks,
  labels: Uint8Array,
  accepted: IntervalIndex,
  speaker: Speaker,
): SpeakerInterval[] {
  const unmatched: { startS: number; endS: number }[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === GONE || overlapsAny(accepted, startsS[i]!, endsS[i]!)) continue;
    unmatched.push({ startS: startsS[i]!, endS: endsS[i]! });
  }
  return mergeIntervals(unmatched).map(({ startS, endS }) => ({
    speaker,
    startS: round4(startS),
    endS: round4(endS),
  }));
}
