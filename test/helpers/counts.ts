import fc from 'fast-check';
import type { Counts, TaskCounts } from '../../src/core/counts.js';
import { byState } from '../../src/core/counts.js';

const count = fc.nat({ max: 1000 });
const latencies = fc.array(fc.double({ min: -250, max: 3000, noNaN: true }), { maxLength: 5 });
/** s, of whole milliseconds, as prepared gold gives them. */
const seconds = fc.nat({ max: 20_000_000 }).map((milliseconds) => milliseconds / 1000);

const taskCounts: fc.Arbitrary<TaskCounts> = fc.record({
  tp: count,
  fn: count,
  fp: count,
  tn: count,
  latenciesMs: latencies,
});

/** Any counts. */
export function anyCounts(): fc.Arbitrary<Counts> {
  const state = fc.record({ held: count, released: count });
  const rest = fc.record({
    eot: taskCounts,
    int: taskCounts,
    holds: fc.record({ total: count, kept: count }),
    shifts: fc.record({ total: count, released: count }),
    endpoint: fc.record({ cutOffs: count, missed: count, latenciesMs: latencies }),
    falseAlarms: fc.record({ eot: count, int: count }),
    speechS: seconds,
    flips: count,
    passS: seconds,
  });
  return fc.tuple(rest, fc.array(state, { minLength: 6, maxLength: 6 })).map(([counts, states]) => {
    const remaining = [...states];
    return { ...counts, floor: byState(() => remaining.pop()!) };
  });
}
