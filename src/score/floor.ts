/**
 * Floor tracks against the gold floor, for one pass.
 *
 * - Steps per state and answer; accuracy, precision and the like derive from them.
 * - Hold: a mid-turn pause of the subject is kept when every step that ends in `(pause start, pause end]` has bit 1.
 * - Shift: a gap of the subject (see gaps.ts) is released when some step that ends in `(anchor, other's onset]` has
 *   bit 0. Both look at what had been said by then and need no future; where no step ends there is nothing to count.
 * - Flips: every edge of the track, the first rise included.
 *
 * Gold is prepared as runs and step ranges, so one operating point costs its edges plus the runs of the gold.
 */

import { FLOOR_STATES } from '../core/counts.js';
import type { Gold, SpeakerInterval } from '../core/gold.js';
import { upperBound } from '../core/search.js';
import type { Speaker } from '../core/speaker.js';
import { firstStepEndingAfter } from '../core/time.js';
import type { FloorTrack } from '../core/tracks.js';
import { floorStates, NOT_SCORED, type StateRuns } from './floor-states.js';

export interface PreparedFloor {
  readonly steps: number;
  readonly runs: StateRuns;
  /** Scored steps per state, by index in `FLOOR_STATES`. */
  readonly stepsByState: readonly number[];
  readonly holds: StepRanges;
  readonly shifts: StepRanges;
}

/** Steps `[first, end)`, none of them empty. */
interface StepRanges {
  readonly firsts: Int32Array;
  readonly ends: Int32Array;
}

export interface FloorCounts {
  /** Scored steps with model floor 1, by index in `FLOOR_STATES`. */
  readonly heldByState: readonly number[];
  readonly holdsKept: number;
  readonly shiftsReleased: number;
  readonly flips: number;
}

/** @param gaps of both speakers. */
export function prepareFloor(
  gold: Gold,
  gaps: readonly SpeakerInterval[],
  subject: Speaker,
  steps: number,
): PreparedFloor {
  const runs = floorStates(gold, gaps, subject, steps);
  const whole: FloorTrack = { steps, edges: Int32Array.of(0) };
  return {
    steps,
    runs,
    stepsByState: heldSteps(runs, whole),
    holds: stepsEndingIn(gold.eot.negatives, subject, steps),
    shifts: stepsEndingIn(gaps, subject, steps),
  };
}

/** @throws Error when track and gold differ in length. */
export function scoreFloor(gold: PreparedFloor, floor: FloorTrack): FloorCounts {
  if (floor.steps !== gold.steps) throw new Error(`floor track has ${floor.steps} steps, gold ${gold.steps}`);
  return {
    heldByState: heldSteps(gold.runs, floor),
    holdsKept: countHeldThroughout(floor, gold.holds),
    shiftsReleased: gold.shifts.ends.length - countHeldThroughout(floor, gold.shifts),
    flips: floor.edges.length,
  };
}

/** Walk held stretches and gold runs side by side. */
function heldSteps({ ends, states }: StateRuns, { steps, edges }: FloorTrack): number[] {
  const held = new Array<number>(FLOOR_STATES.length + 1).fill(0);
  let run = 0;
  for (let i = 0; i < edges.length; i += 2) {
    const fall = edges[i + 1] ?? steps;
    let step = edges[i]!;
    while (step < fall) {
      while (ends[run]! <= step) run++;
      const end = Math.min(fall, ends[run]!);
      held[states[run]!]! += end - step;
      step = end;
    }
  }
  return held.slice(0, NOT_SCORED);
}

/** Ranges in every step of which the bit is 1. */
function countHeldThroughout({ edges }: FloorTrack, { firsts, ends }: StepRanges): number {
  let count = 0;
  for (let i = 0; i < ends.length; i++) {
    const passed = upperBound(edges, firsts[i]!);
    if (passed % 2 === 1 && (passed === edges.length || edges[passed]! >= ends[i]!)) count++;
  }
  return count;
}

function stepsEndingIn(intervals: readonly SpeakerInterval[], speaker: Speaker, steps: number): StepRanges {
  const firsts: number[] = [];
  const ends: number[] = [];
  for (const interval of intervals) {
    if (interval.speaker !== speaker) continue;
    const first = firstStepEndingAfter(interval.startS);
    const end = Math.min(steps, firstStepEndingAfter(interval.endS));
    if (first >= end) continue;
    firsts.push(first);
    ends.push(end);
  }
  return { firsts: Int32Array.from(firsts), ends: Int32Array.from(ends) };
}
