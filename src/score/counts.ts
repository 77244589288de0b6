/**
 * Adding evidence. Addition is associative with zero as identity, to the bit: counts are whole numbers, seconds are
 * held as the doubles nearest to whole milliseconds, and latency lists are concatenated in order. Shards merged in
 * any grouping therefore equal the whole.
 */

import { byState, type Counts, type TaskCounts } from '../core/counts.js';

export function zeroCounts(): Counts {
  return sumCounts([]);
}

export function addCounts(a: Counts, b: Counts): Counts {
  return sumCounts([a, b]);
}

/** The sum of any number of counts; latencies in the order of the list. */
export function sumCounts(list: readonly Counts[]): Counts {
  const sum = (pick: (counts: Counts) => number): number => list.reduce((total, counts) => total + pick(counts), 0);
  return {
    eot: sumTaskCounts(list.map((counts) => counts.eot)),
    int: sumTaskCounts(list.map((counts) => counts.int)),
    floor: byState((state) => ({
      held: sum((counts) => counts.floor[state].held),
      released: sum((counts) => counts.floor[state].released),
    })),
    holds: { total: sum((counts) => counts.holds.total), kept: sum((counts) => counts.holds.kept) },
    shifts: { total: sum((counts) => counts.shifts.total), released: sum((counts) => counts.shifts.released) },
    endpoint: sumEndpointCounts(list.map((counts) => counts.endpoint)),
    falseAlarms: { eot: sum((counts) => counts.falseAlarms.eot), int: sum((counts) => counts.falseAlarms.int) },
    speechS: list.reduce((total, counts) => wholeMilliseconds(total + counts.speechS), 0),
    flips: sum((counts) => counts.flips),
    passS: list.reduce((total, counts) => wholeMilliseconds(total + counts.passS), 0),
  };
}

export function sumTaskCounts(list: readonly TaskCounts[]): TaskCounts {
  const sum = (key: 'tp' | 'fn' | 'fp' | 'tn'): number => list.reduce((total, counts) => total + counts[key], 0);
  return {
    tp: sum('tp'),
    fn: sum('fn'),
    fp: sum('fp'),
    tn: sum('tn'),
    latenciesMs: list.flatMap((counts) => counts.latenciesMs),
  };
}

export function sumEndpointCounts(list: readonly Counts['endpoint'][]): Counts['endpoint'] {
  return {
    cutOffs: list.reduce((total, counts) => total + counts.cutOffs, 0),
    missed: list.reduce((total, counts) => total + counts.missed, 0),
    latenciesMs: list.flatMap((counts) => counts.latenciesMs),
  };
}

/** The double nearest to a time in whole milliseconds: sums of such doubles, rounded likewise, are exact. */
export function wholeMilliseconds(timeS: number): number {
  return Math.round(timeS * 1000) / 1000;
}
