/** A union of closed intervals of one speaker, and the ascending times inside and outside of it. */

import type { Interval } from '../core/gold.js';

export interface IntervalSet {
  /** Ascending and disjoint, s. */
  readonly startsS: Float64Array;
  readonly endsS: Float64Array;
}

export function unionOf(intervals: readonly Interval[]): IntervalSet {
  const sorted = intervals.filter(({ startS, endS }) => startS <= endS).sort((a, b) => a.startS - b.startS);
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { startS, endS } of sorted) {
    const last = ends.length - 1;
    if (last >= 0 && startS <= ends[last]!) ends[last] = Math.max(ends[last]!, endS);
    else {
      starts.push(startS);
      ends.push(endS);
    }
  }
  return { startsS: Float64Array.from(starts), endsS: Float64Array.from(ends) };
}

export function coveredS({ startsS, endsS }: IntervalSet): number {
  return endsS.reduce((total, endS, i) => total + (endS - startsS[i]!), 0);
}

/** Times with no interval around them; both ends belong to an interval. */
export function timesOutside(set: IntervalSet, ascendingS: readonly number[]): readonly number[] {
  return set.startsS.length === 0 ? ascendingS : select(set, ascendingS, false);
}

/** Times inside an interval, its ends included. */
export function timesInside(set: IntervalSet, ascendingS: readonly number[]): readonly number[] {
  return select(set, ascendingS, true);
}

function select({ startsS, endsS }: IntervalSet, ascendingS: readonly number[], inside: boolean): number[] {
  const selected: number[] = [];
  let i = 0;
  for (const timeS of ascendingS) {
    while (i < endsS.length && endsS[i]! < timeS) i++;
    if ((i < endsS.length && startsS[i]! <= timeS) === inside) selected.push(timeS);
  }
  return selected;
}
