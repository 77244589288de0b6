/**
 * What became of every event, one by one: the same matching as in `matchTask`, which only counts. A test holds the two
 * together.
 *
 * - `tp`: claimed by an anchor.
 * - `fp`: the first event to fire a negative span, or several that overlap.
 * - `ignored`: everything else; `whyIgnored` says why.
 */

import type { Task } from '../core/events.js';
import { type PerSpeaker, perSpeaker, type Speaker } from '../core/speaker.js';
import type { PreparedConversation } from './conversation.js';
import { countInsideOutside, type Spans, VisibleTimes } from './interval-set.js';
import type { PreparedTask } from './match.js';

export type EventOutcome =
  | { readonly kind: 'tp'; readonly timeS: number; readonly anchorS: number }
  /** Spans: how many fired. */
  | { readonly kind: 'fp'; readonly timeS: number; readonly spans: number }
  | { readonly kind: 'ignored'; readonly timeS: number };

/** Of one task and one subject. */
export interface TaskOutcomes {
  /** One per event, in their order. */
  readonly events: readonly EventOutcome[];
  /** Anchors that no event claimed, s, ascending. */
  readonly missedS: readonly number[];
}

/** @param timesS of the events of each subject, s, strictly ascending. */
export function outcomesOf(
  gold: PreparedConversation,
  task: Task,
  timesS: PerSpeaker<readonly number[]>,
): PerSpeaker<TaskOutcomes> {
  return perSpeaker((subject) => {
    const times = timesS[subject];
    const { claims, missedS } = claimsOf(gold[task], subject, times);
    const fires = firesOf(gold[task], subject, times);
    const events = times.map((timeS): EventOutcome => {
      const anchorS = claims.get(timeS);
      if (anchorS !== undefined) return { kind: 'tp', timeS, anchorS };
      const spans = fires.get(timeS);
      if (spans !== undefined) return { kind: 'fp', timeS, spans };
      return { kind: 'ignored', timeS };
    });
    return { events, missedS };
  });
}

/**
 * `excluded`: annotators disagree there. `repeated`: in the window of an anchor that an earlier event had claimed.
 * `fired`: in a span that had fired already. `alarm`: counted as a false alarm per hour. `unscored`: outside of all.
 */
export type IgnoredBecause = 'excluded' | 'repeated' | 'fired' | 'alarm' | 'unscored';

/** @param timeS of an event whose outcome is `ignored`. */
export function whyIgnored(gold: PreparedConversation, task: Task, subject: Speaker, timeS: number): IgnoredBecause {
  const { excluded, anchors, negatives } = gold[task];
  const { speech, accounted } = gold[`${task}Alarms`];
  if (countInsideOutside(speech[subject], accounted[subject], [timeS]) > 0) return 'alarm';
  if (isInside(excluded[subject], timeS)) return 'excluded';
  if (isInside(anchors[subject], timeS)) return 'repeated';
  return isInside(negatives[subject], timeS) ? 'fired' : 'unscored';
}

function claimsOf(task: PreparedTask, subject: Speaker, times: readonly number[]) {
  const claims = new Map<number, number>();
  const missedS: number[] = [];
  const claimable = new VisibleTimes(times, task.excluded[subject]);
  const { timesS, startsS, endsS } = task.anchors[subject];
  for (let anchor = 0; anchor < timesS.length; anchor++) {
    const claimedS = claimable.firstFrom(startsS[anchor]!);
    if (claimedS > endsS[anchor]!) missedS.push(timesS[anchor]!);
    else {
      claims.set(claimedS, timesS[anchor]!);
      claimable.take();
    }
  }
  return { claims, missedS };
}

/** By the event that fires them, how many spans. */
function firesOf(task: PreparedTask, subject: Speaker, times: readonly number[]): ReadonlyMap<number, number> {
  const fires = new Map<number, number>();
  const firing = new VisibleTimes(times, task.exempt[subject]);
  const { startsS, endsS } = task.negatives[subject];
  for (let span = 0; span < startsS.length; span++) {
    const timeS = firing.firstFrom(startsS[span]!);
    if (timeS <= endsS[span]!) fires.set(timeS, (fires.get(timeS) ?? 0) + 1);
  }
  return fires;
}

function isInside({ startsS, endsS }: Spans, timeS: number): boolean {
  return startsS.some((startS, i) => startS <= timeS && timeS <= endsS[i]!);
}
