/**
 * Events that no gold region accounts for, in speech where they would have done harm: an end of turn while the
 * subject is talking, an interruption while the other is. Not counted are events in an anchor's window, in a negative
 * span (from 0.25 s before it, as in matching: those are false positives already) or in an excluded interval of that
 * speaker. All of these regions, and the turn segments, include their ends.
 */

import type { Task } from '../core/events.js';
import type { Gold } from '../core/gold.js';
import { otherSpeaker, type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { countInsideOutside, coveredS, type IntervalSet, spansOf, unionOf } from './interval-set.js';
import type { PreparedTask } from './match.js';

/** Per subject. */
export interface AlarmRegions {
  /** Where an event would be a false alarm, unless it is accounted for. */
  readonly speech: PerSpeaker<IntervalSet>;
  readonly accounted: PerSpeaker<IntervalSet>;
}

/** @param speech of each speaker, as `speechOf` gives it. */
export function alarmRegions(task: Task, prepared: PreparedTask, speech: PerSpeaker<IntervalSet>): AlarmRegions {
  return {
    speech: perSpeaker((subject) => speech[task === 'eot' ? subject : otherSpeaker(subject)]),
    accounted: perSpeaker((subject) => unionOf(prepared.exempt[subject], prepared.negatives[subject])),
  };
}

/** @param eventsS ascending event times of the task per subject, s. */
export function countFalseAlarms({ speech, accounted }: AlarmRegions, eventsS: PerSpeaker<readonly number[]>): number {
  return (
    countInsideOutside(speech[1], accounted[1], eventsS[1]) + countInsideOutside(speech[2], accounted[2], eventsS[2])
  );
}

/** Turn segments of each speaker, overlaps within a speaker counted once. */
export function speechOf(gold: Gold): PerSpeaker<IntervalSet> {
  return perSpeaker((speaker) => unionOf(spansOf(gold.turns[speaker])));
}

/** Of both speakers, s: over both passes this is the speech of the subjects as well as that of the others. */
export function speechSeconds(speech: PerSpeaker<IntervalSet>): number {
  return coveredS(speech[1]) + coveredS(speech[2]);
}
