/**
 * Events that no gold region accounts for, in speech where they would have done harm: an end of turn while the
 * subject is talking, an interruption while the other is. Not counted are events in an anchor's window, in a negative
 * span (from 0.25 s before it, as in matching: those are false positives already) or in an excluded interval of that
 * speaker. All of these regions, and the turn segments, include their ends.
 */

import type { Task } from '../core/events.js';
import type { Gold, Interval } from '../core/gold.js';
import { otherSpeaker, type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { coveredS, type IntervalSet, timesInside, timesOutside, unionOf } from './interval-set.js';
import type { PreparedTask } from './match.js';

export interface AlarmRegions {
  /** Per subject: where an event would be a false alarm, unless it is accounted for. */
  readonly speech: PerSpeaker<IntervalSet>;
  readonly accounted: PerSpeaker<IntervalSet>;
}

export function alarmRegions(gold: Gold, task: Task, prepared: PreparedTask): AlarmRegions {
  return {
    speech: perSpeaker((subject) => unionOf(gold.turns[task === 'eot' ? subject : otherSpeaker(subject)])),
    accounted: perSpeaker((subject) =>
      unionOf([
        ...prepared.anchors.filter((anchor) => anchor.speaker === subject),
        ...prepared.negatives[subject],
        ...gold[task].excluded.filter((interval) => interval.speaker === subject),
      ]),
    ),
  };
}

/** @param eventsS ascending event times of the task per subject, s. */
export function countFalseAlarms(regions: AlarmRegions, eventsS: PerSpeaker<readonly number[]>): number {
  let count = 0;
  for (const subject of SPEAKERS) {
    const unaccounted = timesOutside(regions.accounted[subject], eventsS[subject]);
    count += timesInside(regions.speech[subject], unaccounted).length;
  }
  return count;
}

/** Turn segments of both speakers, overlaps within a speaker counted once, s: the same for both tasks. */
export function speechSeconds(turns: PerSpeaker<readonly Interval[]>): number {
  return coveredS(unionOf(turns[1])) + coveredS(unionOf(turns[2]));
}
