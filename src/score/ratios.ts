/**
 * Every rate as numerator and denominator of counts: the single definition from which values and bootstrap intervals
 * are both derived. All of them are ratios of sums; a rate with an empty denominator does not exist (undefined).
 */

import { type Counts, FLOOR_STATES, type FloorState, type TaskCounts } from '../core/counts.js';
import { isHeld } from './floor-states.js';

export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** Steps of 20 ms; positive = the subject holds the floor. */
export interface Confusion {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
}

export const RATIOS = {
  eotRecall: ({ eot }: Counts) => recallRatio(eot),
  eotFpRate: ({ eot }: Counts) => fpRatio(eot),
  eotFalseAlarmsPerHour: ({ falseAlarms, speechS }: Counts) => ratio(falseAlarms.eot, speechS / 3600),
  intRecall: ({ int }: Counts) => recallRatio(int),
  intFpRate: ({ int }: Counts) => fpRatio(int),
  intFalseAlarmsPerHour: ({ falseAlarms, speechS }: Counts) => ratio(falseAlarms.int, speechS / 3600),
  floorAccuracy: (counts: Counts) => {
    const { tp, fn, fp, tn } = floorConfusion(counts);
    return ratio(tp + tn, tp + fn + fp + tn);
  },
  floorPrecision: (counts: Counts) => {
    const { tp, fp } = floorConfusion(counts);
    return ratio(tp, tp + fp);
  },
  floorRecall: (counts: Counts) => {
    const { tp, fn } = floorConfusion(counts);
    return ratio(tp, tp + fn);
  },
  floorSpecificity: (counts: Counts) => {
    const { fp, tn } = floorConfusion(counts);
    return ratio(tn, fp + tn);
  },
  floorF1: (counts: Counts) => {
    const { tp, fn, fp } = floorConfusion(counts);
    return ratio(2 * tp, 2 * tp + fp + fn);
  },
  holdAccuracy: ({ holds }: Counts) => ratio(holds.kept, holds.total),
  shiftAccuracy: ({ shifts }: Counts) => ratio(shifts.released, shifts.total),
  flipsPerMinute: ({ flips, passS }: Counts) => ratio(flips, passS / 60),
  cutoffRate: ({ endpoint }: Counts) => ratio(endpoint.cutOffs, endpointAnchors(endpoint)),
} satisfies Readonly<Record<string, (counts: Counts) => Ratio>>;

export type RatioName = keyof typeof RATIOS;

export function recallRatio({ tp, fn }: TaskCounts): Ratio {
  return ratio(tp, tp + fn);
}

export function fpRatio({ fp, tn }: TaskCounts): Ratio {
  return ratio(fp, fp + tn);
}

/** @returns undefined when there is nothing to divide by. */
export function quotient(numerator: number, denominator: number): number | undefined {
  return denominator === 0 ? undefined : numerator / denominator;
}

export function floorConfusion({ floor }: Counts): Confusion {
  const sum = (gold: boolean, answer: 'held' | 'released'): number =>
    FLOOR_STATES.reduce((total, state) => total + (isHeld(state) === gold ? floor[state][answer] : 0), 0);
  return { tp: sum(true, 'held'), fn: sum(true, 'released'), fp: sum(false, 'held'), tn: sum(false, 'released') };
}

/** Correct answers among the scored steps of one state. */
export function stateRatio({ floor }: Counts, state: FloorState): Ratio {
  const { held, released } = floor[state];
  return ratio(isHeld(state) ? held : released, held + released);
}

/** Gold turns that were scored for their endpoint. */
export function endpointAnchors(endpoint: Counts['endpoint']): number {
  return endpoint.cutOffs + endpoint.missed + endpoint.latenciesMs.length;
}

function ratio(numerator: number, denominator: number): Ratio {
  return { numerator, denominator };
}
