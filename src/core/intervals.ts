/** Intervals in order of their start. */

import type { Interval } from './gold.js';
import { sorted } from './sorted.js';

/** Ordered by start, equal starts in their given order. What is in order already, as most tracks are, is not copied. */
export function byStart<T extends Interval>(intervals: readonly T[]): readonly T[] {
  return sorted(intervals, (a, b) => a.startS <= b.startS);
}

/** Ordered by start, equal starts by end. What is in order already is not copied. */
export function byStartAndEnd<T extends Interval>(intervals: readonly T[]): readonly T[] {
  return sorted(intervals, (a, b) => a.startS < b.startS || (a.startS === b.startS && a.endS <= b.endS));
}

/** The starts as a column that can be searched. */
export function startsOf(intervals: readonly Interval[]): Float64Array {
  const startsS = new Float64Array(intervals.length);
  for (let i = 0; i < intervals.length; i++) startsS[i] = intervals[i]!.startS;
  return startsS;
}
