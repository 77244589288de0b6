/** A union of closed intervals of one speaker, and walking ascending times through it. */

import type { Interval } from '../core/gold.js';
import { byStart } from '../core/intervals.js';

export interface IntervalSet {
  /** Ascending and disjoint, s. */
  readonly startsS: Float64Array;
  readonly endsS: Float64Array;
}

export function unionOf(intervals: readonly Interval[]): IntervalSet {
  const startsS = new Float64Array(intervals.length);
  const endsS = new Float64Array(intervals.length);
  let last = -1;
  for (const { startS, endS } of byStart(intervals)) {
    if (last >= 0 && startS <= endsS[last]!) endsS[last] = Math.max(endsS[last]!, endS);
    else if (startS <= endS) {
      last++;
      startsS[last] = startS;
      endsS[last] = endS;
    }
  }
  return { startsS: startsS.subarray(0, last + 1), endsS: endsS.subarray(0, last + 1) };
}

export function coveredS({ startsS, endsS }: IntervalSet): number {
  let total = 0;
  for (let i = 0; i < endsS.length; i++) total += endsS[i]! - startsS[i]!;
  return total;
}

/** How many of the ascending times lie inside one set and outside another; ends belong to an interval. */
export function countInsideOutside(inside: IntervalSet, outside: IntervalSet, ascendingS: readonly number[]): number {
  let count = 0;
  let i = 0;
  let o = 0;
  for (let k = 0; k < ascendingS.length; k++) {
    const timeS = ascendingS[k]!;
    while (i < inside.endsS.length && inside.endsS[i]! < timeS) i++;
    if (i === inside.endsS.length) break;
    if (timeS < inside.startsS[i]!) continue;
    while (o < outside.endsS.length && outside.endsS[o]! < timeS) o++;
    if (o === outside.endsS.length || timeS < outside.startsS[o]!) count++;
  }
  return count;
}

/** Walks forward through ascending times, passing over those inside a set. */
export class VisibleTimes {
  readonly #timesS: readonly number[];
  readonly #hidden: IntervalSet;
  #next = 0;
  #interval = 0;

  constructor(ascendingS: readonly number[], hidden: IntervalSet) {
    this.#timesS = ascendingS;
    this.#hidden = hidden;
  }

  /** The earliest visible time at or after `fromS` that has not been taken; +∞ when there is none. Calls ascend. */
  firstFrom(fromS: number): number {
    const times = this.#timesS;
    const { startsS, endsS } = this.#hidden;
    for (; this.#next < times.length; this.#next++) {
      const timeS = times[this.#next]!;
      if (timeS < fromS) continue;
      while (this.#interval < endsS.length && endsS[this.#interval]! < timeS) this.#interval++;
      if (this.#interval === endsS.length || timeS < startsS[this.#interval]!) return timeS;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Take the time that was found last: it is not found again. */
  take(): void {
    this.#next++;
  }
}
