/**
 * Closed intervals of one speaker as columns, their unions, and walking ascending times through them. Columns, because
 * what is prepared from the gold of a long conversation is kept while its audio is heard.
 */

import type { Interval } from '../core/gold.js';
import { byStart } from '../core/intervals.js';

/** Ascending by start, s. They may overlap. */
export interface Spans {
  readonly startsS: Float64Array;
  readonly endsS: Float64Array;
}

/** Ascending and disjoint, s. */
export type IntervalSet = Spans;

export function spansOf(intervals: readonly Interval[]): Spans {
  const startsS = new Float64Array(intervals.length);
  const endsS = new Float64Array(intervals.length);
  const ordered = byStart(intervals);
  for (let i = 0; i < ordered.length; i++) {
    startsS[i] = ordered[i]!.startS;
    endsS[i] = ordered[i]!.endS;
  }
  return { startsS, endsS };
}

const NONE: Spans = { startsS: new Float64Array(), endsS: new Float64Array() };

/** Of all spans of one list, or of two. Spans that end before they start are in no union. */
export function unionOf(a: Spans, b: Spans = NONE): IntervalSet {
  const count = a.startsS.length + b.startsS.length;
  const startsS = new Float64Array(count);
  const endsS = new Float64Array(count);
  let last = -1;
  let i = 0;
  let j = 0;
  while (i + j < count) {
    const first = j === b.startsS.length || (i < a.startsS.length && a.startsS[i]! <= b.startsS[j]!);
    const startS = first ? a.startsS[i]! : b.startsS[j]!;
    const endS = first ? a.endsS[i++]! : b.endsS[j++]!;
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
