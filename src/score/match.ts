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
import { byStart } from '../core/intervals.js';
import { upperBound } from '../core/search.js';
import { type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { type IntervalSet, unionOf, VisibleTimes } from './interval-set.js';

/** How early a detection may come, s. */
export const TAU_PRE_S = 0.25;
/** How late it may come, s. */
const TAU_MAX_S = 3.0;

/** An anchor and the closed window in which a prediction detects it. */
export interface AnchorWindow extends Anchor, Interval {}

export interface PreparedTask {
  /** By time; equal times keep the order of the gold list. */
  readonly anchors: readonly AnchorWindow[];
  /** Where a prediction fires the span, by start. */
  readonly negatives: PerSpeaker<readonly Interval[]>;
  readonly excluded: PerSpeaker<IntervalSet>;
  /** Anchor windows and excluded intervals: no prediction in here fires a span. */
  readonly exempt: PerSpeaker<IntervalSet>;
}

export function prepareTask(gold: TaskGold): PreparedTask {
  const anchors = anchorWindows(gold.positives);
  const excluded = perSpeaker((speaker) => gold.excluded.filter((interval) => interval.speaker === speaker));
  return {
    anchors,
    negatives: perSpeaker((speaker) =>
      byStart(
        gold.negatives
          .filter((span) => span.speaker === speaker)
          .map(({ startS, endS }) => ({ startS: startS - TAU_PRE_S, endS })),
      ),
    ),
    excluded: perSpeaker((speaker) => unionOf(excluded[speaker])),
    exempt: perSpeaker((speaker) =>
      unionOf([...anchors.filter((anchor) => anchor.speaker === speaker), ...excluded[speaker]]),
    ),
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
  for (const { speaker, timeS, startS, endS } of task.anchors) {
    const claimedS = claimable[speaker].firstFrom(startS);
    if (claimedS > endS) continue;
    latenciesMs.push((claimedS - timeS) * 1000);
    claimable[speaker].take();
  }
  const tp = latenciesMs.length;

  let fp = 0;
  for (const speaker of SPEAKERS) {
    // A claimed prediction lies in its anchor's window: outside of all windows everything is unclaimed.
    const firing = new VisibleTimes(predicted[speaker], task.exempt[speaker]);
    for (const { startS, endS } of task.negatives[speaker]) {
      if (firing.firstFrom(startS) <= endS) fp++;
    }
  }
  const spans = task.negatives[1].length + task.negatives[2].length;
  return { tp, fn: task.anchors.length - tp, fp, tn: spans - fp, latenciesMs };
}

/** Prepare and match in one go. */
export function scoreTask(gold: TaskGold, predicted: PerSpeaker<readonly number[]>): TaskCounts {
  return matchTask(prepareTask(gold), predicted);
}

/** A window reaches from a little before its anchor to the latest detection, or to the speaker's next anchor. */
function anchorWindows(positives: readonly Anchor[]): AnchorWindow[] {
  const sorted = [...positives].sort((a, b) => a.timeS - b.timeS);
  const timesS = perSpeaker((speaker) =>
    sorted.filter((anchor) => anchor.speaker === speaker).map((anchor) => anchor.timeS),
  );
  return sorted.map(({ speaker, timeS }) => {
    const own = timesS[speaker];
    const nextS = own[upperBound(own, timeS)] ?? Number.POSITIVE_INFINITY;
    return { speaker, timeS, startS: timeS - TAU_PRE_S, endS: Math.min(timeS + TAU_MAX_S, nextS) };
  });
}

function requireAscending(timesS: readonly number[]): void {
  for (let i = 1; i < timesS.length; i++) {
    if (!(timesS[i]! >= timesS[i - 1]!)) throw new Error(`predictions are not ascending at ${timesS[i]} s`);
  }
}
