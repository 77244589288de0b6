/**
 * The gold floor of a subject, step by step, as runs of equal state. It is read in the middle of each step; intervals
 * are half-open `[start, end)`. Speech decides first, then who holds the floor in silence:
 *
 *   both in a turn: overlap · subject alone: subject · in a mid-turn pause of the subject (EOT negative span): pause ·
 *   other alone: other · in a gap (see gaps.ts): gap · else: silence
 *
 * The floor is the subject's in `subject`, `overlap` and `pause`. Steps in a turn-view excluded interval of the
 * subject are not scored.
 */

import { FLOOR_STATES, type FloorState } from '../core/counts.js';
import type { Gold, Interval, SpeakerInterval } from '../core/gold.js';
import { otherSpeaker, type Speaker } from '../core/speaker.js';
import { firstStepMidwayFrom } from '../core/time.js';

/** Index of a state in `FLOOR_STATES`, or this. */
export const NOT_SCORED = FLOOR_STATES.length;

/** States in which the gold floor is 1, by index in `FLOOR_STATES`. */
export const GOLD_HELD: readonly boolean[] = FLOOR_STATES.map((state) => isHeld(state));

export interface StateRuns {
  /** Step after each run, ascending; the last is the number of steps. */
  readonly ends: Int32Array;
  /** State index of each run, neighbours differ. */
  readonly states: Uint8Array;
}

/**
 * One walk through the moments at which something begins or ends: the cost grows with the gold, not with the steps.
 * @param gaps of both speakers.
 */
export function floorStates(gold: Gold, gaps: readonly Interval[], subject: Speaker, steps: number): StateRuns {
  const changes: number[] = [];
  addChanges(changes, gold.turns[subject], SUBJECT, steps);
  addChanges(changes, gold.turns[otherSpeaker(subject)], OTHER, steps);
  addChanges(changes, own(gold.eot.negatives, subject), PAUSE, steps);
  addChanges(changes, gaps, GAP, steps);
  addChanges(changes, own(gold.eot.excluded, subject), EXCLUDED, steps);
  const ordered = Float64Array.from(changes).sort();

  const ends: number[] = [];
  const states: number[] = [];
  const open = new Int32Array(FLAGS);
  let flags = 0;
  for (let i = 0, step = 0; step < steps; i++) {
    const change = ordered[i] ?? steps * CHANGES;
    const next = Math.floor(change / CHANGES);
    if (next > step) {
      const state = STATE_OF_FLAGS[flags]!;
      if (states.at(-1) === state) ends.pop();
      else states.push(state);
      ends.push(next);
      step = next;
    }
    const flag = Math.floor(change / 2) % FLAGS;
    open[flag]! += change % 2 === 0 ? -1 : 1;
    flags = open[flag]! > 0 ? flags | (1 << flag) : flags & ~(1 << flag);
  }
  return { ends: Int32Array.from(ends), states: Uint8Array.from(states) };
}

/** Whether the gold floor is the subject's. */
export function isHeld(state: FloorState): boolean {
  return state === 'subject' || state === 'overlap' || state === 'pause';
}

const SUBJECT = 0;
const OTHER = 1;
const PAUSE = 2;
const GAP = 3;
const EXCLUDED = 4;
const FLAGS = 5;

/** A change in one number that sorts by step: `(step · FLAGS + flag) · 2`, plus 1 where an interval begins. */
const CHANGES = FLAGS * 2;

function addChanges(changes: number[], intervals: readonly Interval[], flag: number, steps: number): void {
  for (const { startS, endS } of intervals) {
    const first = firstStepMidwayFrom(startS);
    const end = Math.min(steps, firstStepMidwayFrom(endS));
    if (first < end) changes.push((first * FLAGS + flag) * 2 + 1, (end * FLAGS + flag) * 2);
  }
}

/** State index per set of flags, bit by bit. */
const STATE_OF_FLAGS = Uint8Array.from({ length: 1 << FLAGS }, (_, flags) => stateOfFlags(flags));

function stateOfFlags(flags: number): number {
  const has = (flag: number): boolean => (flags & (1 << flag)) !== 0;
  if (has(EXCLUDED)) return NOT_SCORED;
  return FLOOR_STATES.indexOf(stateOf(has(SUBJECT), has(OTHER), has(PAUSE), has(GAP)));
}

function stateOf(subject: boolean, other: boolean, pause: boolean, gap: boolean): FloorState {
  if (subject) return other ? 'overlap' : 'subject';
  if (pause) return 'pause';
  if (other) return 'other';
  return gap ? 'gap' : 'silence';
}

function own(intervals: readonly SpeakerInterval[], speaker: Speaker): readonly SpeakerInterval[] {
  return intervals.filter((interval) => interval.speaker === speaker);
}
