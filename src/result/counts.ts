/** `Counts` in memory ↔ on disk. */

import { byState, type Counts, type TaskCounts } from '../core/counts.js';
import type { CountsOnDisk } from './schema.js';

export function countsToDisk(counts: Counts): CountsOnDisk {
  return {
    eot: taskToDisk(counts.eot),
    int: taskToDisk(counts.int),
    floor: byState((state) => ({ held: counts.floor[state].held, released: counts.floor[state].released })),
    holds: { total: counts.holds.total, kept: counts.holds.kept },
    shifts: { total: counts.shifts.total, released: counts.shifts.released },
    endpoint: {
      cut_offs: counts.endpoint.cutOffs,
      missed: counts.endpoint.missed,
      latencies_ms: counts.endpoint.latenciesMs,
    },
    false_alarms: { eot: counts.falseAlarms.eot, int: counts.falseAlarms.int },
    speech_s: counts.speechS,
    flips: counts.flips,
    pass_s: counts.passS,
  };
}

export function countsFromDisk(disk: CountsOnDisk): Counts {
  return {
    eot: taskFromDisk(disk.eot),
    int: taskFromDisk(disk.int),
    floor: disk.floor,
    holds: disk.holds,
    shifts: disk.shifts,
    endpoint: {
      cutOffs: disk.endpoint.cut_offs,
      missed: disk.endpoint.missed,
      latenciesMs: disk.endpoint.latencies_ms,
    },
    falseAlarms: disk.false_alarms,
    speechS: disk.speech_s,
    flips: disk.flips,
    passS: disk.pass_s,
  };
}

function taskToDisk(task: TaskCounts): CountsOnDisk['eot'] {
  return { tp: task.tp, fn: task.fn, fp: task.fp, tn: task.tn, latencies_ms: task.latenciesMs };
}

function taskFromDisk(task: CountsOnDisk['eot']): TaskCounts {
  return { tp: task.tp, fn: task.fn, fp: task.fp, tn: task.tn, latenciesMs: task.latencies_ms };
}
