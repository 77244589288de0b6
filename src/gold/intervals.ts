/** Questions about a fixed set of intervals, each answered in logarithmic time. All comparisons are strict. */

import type { Interval } from '../core/gold.js';
import { byStart, byStartAndEnd, startsOf } from '../core/intervals.js';
import { upperBound } from '../core/search.js';

export interface IntervalIndex {
  /** Ascending, s. */
  readonly startsS: Float64Array;
  /** Largest end among the intervals up to and including this one, s: ascending, so it can be searched. */
  readonly latestEndsS: Float64Array;
}

export function indexIntervals(intervals: readonly Interval[]): IntervalIndex {
  const sorted = byStart(intervals);
  const latestEndsS = new Float64Array(sorted.length);
  let latestEndS = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < sorted.length; i++) {
    latestEndS = Math.max(latestEndS, sorted[i]!.endS);
    latestEndsS[i] = latestEndS;
  }
  return { startsS: startsOf(sorted), latestEndsS };
}

/** Smallest start among the intervals that end after `timeS`; +∞ when none does. */
export function firstStartOfThoseEndingAfter(index: IntervalIndex, timeS: number): number {
  // Where the running maximum first exceeds the time, it does so by that interval's own end.
  return index.startsS[upperBound(index.latestEndsS, timeS)] ?? Number.POSITIVE_INFINITY;
}

/** Whether some interval starts before `endS` and ends after `startS`. With both equal: whether that moment is inside. */
export function overlapsAny(index: IntervalIndex, startS: number, endS: number): boolean {
  return firstStartOfThoseEndingAfter(index, startS) < endS;
}

/** Smallest start strictly after `timeS`; +∞ when there is none. */
export function nextStartAfter(startsS: ArrayLike<number>, timeS: number): number {
  return startsS[upperBound(startsS, timeS)] ?? Number.POSITIVE_INFINITY;
}

/** Union of intervals that overlap or touch, ordered by start. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: { startS: number; endS: number }[] = [];
  let last: { startS: number; endS: number } | undefined;
  for (const { startS, endS } of byStartAndEnd(intervals)) {
    if (last && startS <= last.endS) {
      last.endS = Math.max(last.endS, endS);
      continue;
    }
    last = { startS, endS };
    merged.push(last);
  }
  return merged;
}
