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

/** @param gaps of both speakers. */
export function floorStates(gold: Gold, gaps: readonly Interval[], subject: Speaker, steps: number): StateRuns {
  const flags = new Uint8Array(steps);
  paint(flags, gold.turns[subject], SUBJECT);
  paint(flags, gold.turns[otherSpeaker(subject)], OTHER);
  paint(flags, own(gold.eot.negatives, subject), PAUSE);
  paint(flags, gaps, GAP);
  paint(flags, own(gold.eot.excluded, subject), EXCLUDED);

  const ends: number[] = [];
  const states: number[] = [];
  for (let step = 0; step < steps; step++) {
    const state = STATE_OF_FLAGS[flags[step]!]!;
    if (states.at(-1) === state) ends[ends.length - 1] = step + 1;
    else {
      states.push(state);
      ends.push(step + 1);
    }
  }
  return { ends: Int32Array.from(ends), states: Uint8Array.from(states) };
}

/** Whether the gold floor is the subject's. */
export function isHeld(state: FloorState): boolean {
  return state === 'subject' || state === 'overlap' || state === 'pause';
}

const SUBJECT = 1;
const OTHER = 2;
const PAUSE = 4;
const GAP = 8;
const EXCLUDED = 16;

/** State index per combination of flags: a step then costs one look-up. */
const STATE_OF_FLAGS = Uint8Array.from({ length: 2 * EXCLUDED }, (_, flags) => {
  if (flags & EXCLUDED) return NOT_SCORED;
  return FLOOR_STATES.indexOf(stateOfFlags(flags));
});

function stateOfFlags(flags: number): FloorState {
  if (flags & SUBJECT) return flags & OTHER ? 'overlap' : 'subject';
  if (flags & PAUSE) return 'pause';
  if (flags & OTHER) return 'other';
  return flags & GAP ? 'gap' : 'silence';
}

function paint(flags: Uint8Array, intervals: readonly Interval[], flag: number): void {
  for (const { startS, endS } of intervals) {
    const end = Math.min(flags.length, firstStepMidwayFrom(endS));
    for (let step = firstStepMidwayFrom(startS); step < end; step++) flags[step]! |= flag;
  }
}

function own(intervals: readonly SpeakerInterval[], speaker: Speaker): readonly SpeakerInterval[] {
  return intervals.filter((interval) => interval.speaker === speaker);
}
