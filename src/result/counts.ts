/** `Counts` in memory ↔ on disk. */

import { byState, type Counts, type TaskCounts } from '../core/counts.js';
import { zeroCounts } from '../score/counts.js';
import type { CountsOnDisk, EventCountsOnDisk } from './schema.js';

export function countsToDisk(counts: Counts): CountsOnDisk {
  return {
    ...eventCountsToDisk(counts),
    floor: byState((state) => ({ held: counts.floor[state].held, released: counts.floor[state].released })),
    holds: { total: counts.holds.total, kept: counts.holds.kept },
    shifts: { total: counts.shifts.total, released: counts.shifts.released },
    flips: counts.flips,
    pass_s: counts.passS,
  };
}

export function countsFromDisk(disk: CountsOnDisk): Counts {
  return {
    ...eventCountsFromDisk(disk),
    floor: disk.floor,
    holds: disk.holds,
    shifts: disk.shifts,
    flips: disk.flips,
    passS: disk.pass_s,
  };
}

/** The part of counts that needs no floor track. */
export function eventCountsToDisk(counts: Counts): EventCountsOnDisk {
  return {
    eot: taskToDisk(counts.eot),
    int: taskToDisk(counts.int),
    endpoint: {
      cut_offs: counts.endpoint.cutOffs,
      missed: counts.endpoint.missed,
      latencies_ms: counts.endpoint.latenciesMs,
    },
    false_alarms: { eot: counts.falseAlarms.eot, int: counts.falseAlarms.int },
    speech_s: counts.speechS,
  };
}

/** Nothing is counted of the floor. */
export function eventCountsFromDisk(disk: EventCountsOnDisk): Counts {
  return {
    ...zeroCounts(),
    eot: taskFromDisk(disk.eot),
    int: taskFromDisk(disk.int),
    endpoint: {
      cutOffs: disk.endpoint.cut_offs,
      missed: disk.endpoint.missed,
      latenciesMs: disk.endpoint.latencies_ms,
    },
    falseAlarms: { eot: disk.false_alarms.eot, int: disk.false_alarms.int },
    speechS: disk.speech_s,
  };
}

function taskToDisk(task: TaskCounts): CountsOnDisk['eot'] {
  return { tp: task.tp, fn: task.fn, fp: task.fp, tn: task.tn, latencies_ms: task.latenciesMs };
}

function taskFromDisk(task: CountsOnDisk['eot']): TaskCounts {
  return { tp: task.tp, fn: task.fn, fp: task.fp, tn: task.tn, latenciesMs: task.latencies_ms };
}
