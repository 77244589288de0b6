/** Intervals in order of their start. */

import type { Interval } from './gold.js';

/** Ordered by start, equal starts in their given order. What is in order already, as most tracks are, is not copied. */
export function byStart<T extends Interval>(intervals: readonly T[]): readonly T[] {
  for (let i = 1; i < intervals.length; i++) {
    if (intervals[i - 1]!.startS > intervals[i]!.startS) return [...intervals].sort((a, b) => a.startS - b.startS);
  }
  return intervals;
}

/** The starts as a column that can be searched. */
export function startsOf(intervals: readonly Interval[]): Float64Array {
  const startsS = new Float64Array(intervals.length);
  for (let i = 0; i < intervals.length; i++) startsS[i] = intervals[i]!.startS;
  return startsS;
}
