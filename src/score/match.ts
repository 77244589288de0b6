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
import { type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { type IntervalSet, timesOutside, unionOf } from './interval-set.js';

/** How early a detection may come, s. */
export const TAU_PRE_S = 0.25;
/** How late it may come, s. */
const TAU_MAX_S = 3.0;

/** An anchor and the closed window in which a prediction detects it. */
export interface AnchorWindow extends Anchor, Interval {}

export interface PreparedTask {
  /** By time; equal times keep the order of the gold list. */
  readonly anchors: readonly AnchorWindow[];
  readonly windows: PerSpeaker<IntervalSet>;
  /** Where a prediction fires the span, by start. */
  readonly negatives: PerSpeaker<readonly Interval[]>;
  readonly excluded: PerSpeaker<IntervalSet>;
}

export function prepareTask(gold: TaskGold): PreparedTask {
  const anchors = anchorWindows(gold.positives);
  return {
    anchors,
    windows: perSpeaker((speaker) => unionOf(anchors.filter((anchor) => anchor.speaker === speaker))),
    negatives: perSpeaker((speaker) =>
      gold.negatives
        .filter((span) => span.speaker === speaker)
        .map(({ startS, endS }) => ({ startS: startS - TAU_PRE_S, endS }))
        .sort((a, b) => a.startS - b.startS),
    ),
    excluded: perSpeaker((speaker) => unionOf(gold.excluded.filter((interval) => interval.speaker === speaker))),
  };
}

/**
 * @param predicted ascending times per speaker, s.
 * @throws Error when they are not ascending.
 */
export function matchTask(task: PreparedTask, predicted: PerSpeaker<readonly number[]>): TaskCounts {
  for (const speaker of SPEAKERS) requireAscending(predicted[speaker]);
  const visible = perSpeaker((speaker) => timesOutside(task.excluded[speaker], predicted[speaker]));

  // Windows of a speaker start in ascending order and claim the earliest free prediction, so what lies before the
  // last claim, or before the window, can never be claimed again.
  const next = { 1: 0, 2: 0 };
  const latenciesMs: number[] = [];
  for (const { speaker, timeS, startS, endS } of task.anchors) {
    const times = visible[speaker];
    while (next[speaker] < times.length && times[next[speaker]]! < startS) next[speaker]++;
    const claimed = times[next[speaker]];
    if (claimed === undefined || claimed > endS) continue;
    latenciesMs.push((claimed - timeS) * 1000);
    next[speaker]++;
  }
  const tp = latenciesMs.length;

  let fp = 0;
  for (const speaker of SPEAKERS) {
    // A claimed prediction lies in its anchor's window: what is outside of all windows is unclaimed.
    fp += countFired(task.negatives[speaker], timesOutside(task.windows[speaker], visible[speaker]));
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

function countFired(spansByStart: readonly Interval[], ascendingS: readonly number[]): number {
  let fired = 0;
  let i = 0;
  for (const { startS, endS } of spansByStart) {
    while (i < ascendingS.length && ascendingS[i]! < startS) i++;
    if (i < ascendingS.length && ascendingS[i]! <= endS) fired++;
  }
  return fired;
}

function requireAscending(timesS: readonly number[]): void {
  for (let i = 1; i < timesS.length; i++) {
    if (!(timesS[i]! >= timesS[i - 1]!)) throw new Error(`predictions are not ascending at ${timesS[i]} s`);
  }
}
