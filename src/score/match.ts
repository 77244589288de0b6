/**
 * Scoring one task of one conversation (scoring specification, section 5). Every anchor opens a window; anchors in
 * order of time claim the earliest free prediction in theirs: TP with a latency, or FN. A negative span fires (FP) on
 * a prediction in it that lies in no window of that speaker; predictions in excluded intervals are not looked at, and
 * everything else is invisible. All comparisons are literal: there is no epsilon.
 *
 * What depends on gold alone is prepared once, so that scoring a list of predictions is one merge of sorted lists.
 */

import type { TaskCounts } from '../core/counts.js';
import type { Anchor, Interval, TaskGold } from '../core/gold.js';
import { upperBound } from '../core/search.js';
import { sorted } from '../core/sorted.js';
import { type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { type IntervalSet, type Spans, spansOf, unionOf, VisibleTimes } from './interval-set.js';

/** How early a detection may come, s. */
export const TAU_PRE_S = 0.25;
/** How late it may come, s. */
export const TAU_MAX_S = 3.0;

/** Anchors of one speaker, ascending, and the closed windows in which a prediction detects them, s. */
export interface AnchorWindows extends Spans {
  readonly timesS: Float64Array;
}

export interface PreparedTask {
  readonly anchors: PerSpeaker<AnchorWindows>;
  /** Whose anchors they are, by time; equal times keep the order of the gold list. */
  readonly speakersByTime: Uint8Array;
  /** Where a prediction fires the span. */
  readonly negatives: PerSpeaker<Spans>;
  readonly excluded: PerSpeaker<IntervalSet>;
  /** Anchor windows and excluded intervals: no prediction in here fires a span. */
  readonly exempt: PerSpeaker<IntervalSet>;
}

export function prepareTask(gold: TaskGold): PreparedTask {
  const ordered = sorted(gold.positives, (a, b) => a.timeS <= b.timeS);
  const anchors = perSpeaker((speaker) => anchorWindows(ofSpeaker(ordered, speaker)));
  const excluded = perSpeaker((speaker) => unionOf(spansOf(ofSpeaker(gold.excluded, speaker))));
  return {
    anchors,
    speakersByTime: Uint8Array.from(ordered, (anchor) => anchor.speaker),
    negatives: perSpeaker((speaker) => firingSpans(ofSpeaker(gold.negatives, speaker))),
    excluded,
    exempt: perSpeaker((speaker) => unionOf(anchors[speaker], excluded[speaker])),
  };
}

/**
 * @param predicted ascending times per speaker, s.
 * @throws Error when they are not ascending.
 */
export function matchTask(task: PreparedTask, predicted: PerSpeaker<readonly number[]>): TaskCounts {
  for (const speaker of SPEAKERS) requireAscending(predicted[speaker]);

  // Windows of a speaker start in ascending order and claim the earliest free prediction, so what lies before the
  // last claim, or before the window, can never be claimed again: one walk forward.
  const claimable = perSpeaker((speaker) => new VisibleTimes(predicted[speaker], task.excluded[speaker]));
  const latenciesMs: number[] = [];
  const passed = { 1: 0, 2: 0 };
  for (let i = 0; i < task.speakersByTime.length; i++) {
    const speaker = task.speakersByTime[i] as Speaker;
    const { timesS, startsS, endsS } = task.anchors[speaker];
    const anchor = passed[speaker]++;
    const claimedS = claimable[speaker].firstFrom(startsS[anchor]!);
    if (claimedS > endsS[anchor]!) continue;
    latenciesMs.push((claimedS - timesS[anchor]!) * 1000);
    claimable[speaker].take();
  }
  const tp = latenciesMs.length;

  let fp = 0;
  for (const speaker of SPEAKERS) {
    // A claimed prediction lies in its anchor's window: outside of all windows everything is unclaimed.
    const firing = new VisibleTimes(predicted[speaker], task.exempt[speaker]);
    const { startsS, endsS } = task.negatives[speaker];
    for (let i = 0; i < startsS.length; i++) {
      if (firing.firstFrom(startsS[i]!) <= endsS[i]!) fp++;
    }
  }
  const spans = task.negatives[1].startsS.length + task.negatives[2].startsS.length;
  return { tp, fn: task.speakersByTime.length - tp, fp, tn: spans - fp, latenciesMs };
}

/** Prepare and match in one go. */
export function scoreTask(gold: TaskGold, predicted: PerSpeaker<readonly number[]>): TaskCounts {
  return matchTask(prepareTask(gold), predicted);
}

/** A window reaches from a little before its anchor to the latest detection, or to the speaker's next anchor. */
function anchorWindows(ascending: readonly Anchor[]): AnchorWindows {
  const timesS = Float64Array.from(ascending, (anchor) => anchor.timeS);
  const startsS = new Float64Array(timesS.length);
  const endsS = new Float64Array(timesS.length);
  for (let i = 0; i < timesS.length; i++) {
    const timeS = timesS[i]!;
    const nextS = timesS[upperBound(timesS, timeS)] ?? Number.POSITIVE_INFINITY;
    startsS[i] = timeS - TAU_PRE_S;
    endsS[i] = Math.min(timeS + TAU_MAX_S, nextS);
  }
  return { timesS, startsS, endsS };
}

function firingSpans(negatives: readonly Interval[]): Spans {
  const { startsS, endsS } = spansOf(negatives);
  for (let i = 0; i < startsS.length; i++) startsS[i]! -= TAU_PRE_S;
  return { startsS, endsS };
}

function ofSpeaker<T extends { readonly speaker: Speaker }>(items: readonly T[], speaker: Speaker): readonly T[] {
  return items.filter((item) => item.speaker === speaker);
}

function requireAscending(timesS: readonly number[]): void {
  for (let i = 1; i < timesS.length; i++) {
    if (!(timesS[i]! >= timesS[i - 1]!)) throw new Error(`predictions are not ascending at ${timesS[i]} s`);
  }
}
