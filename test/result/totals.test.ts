import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Counts, TaskCounts } from '../../src/core/counts.js';
import { sweepRowSchema, totalsSchema } from '../../src/result/schema.js';
import { sweepRow, taskScore, totalsOf } from '../../src/result/totals.js';
import { zeroCounts } from '../../src/score/counts.js';
import { anyCounts } from '../helpers/counts.js';

function task(tp: number, fn: number, fp: number, tn: number, latenciesMs: readonly number[] = []): TaskCounts {
  return { tp, fn, fp, tn, latenciesMs };
}

/** Two conversations of a minute each, counted by hand below. */
const FIRST: Counts = {
  eot: task(2, 1, 1, 3, [100, 300]),
  int: task(0, 1, 0, 0),
  floor: {
    ...zeroCounts().floor,
    subject: { held: 900, released: 100 },
    gap: { held: 20, released: 80 },
  },
  holds: { total: 4, kept: 3 },
  shifts: { total: 0, released: 0 },
  endpoint: { cutOffs: 1, missed: 1, latenciesMs: [100] },
  falseAlarms: { eot: 3, int: 0 },
  speechS: 36,
  flips: 10,
  passS: 120,
};
const SECOND: Counts = {
  ...FIRST,
  eot: task(1, 0, 1, 3, [-50]),
  holds: { total: 0, kept: 0 },
  endpoint: { cutOffs: 0, missed: 0, latenciesMs: [300] },
  falseAlarms: { eot: 0, int: 0 },
  flips: 2,
};

describe('the totals of a run', () => {
  const totals = totalsOf([FIRST, SECOND], 120, null, 1);

  it('are rates of sums, never means of rates', () => {
    expect(totalsSchema.parse(totals)).toEqual(totals);
    expect(totals).toMatchObject({ conversations: 2, audio_hours: 1 / 30 });
    expect(totals.eot).toMatchObject({ tp: 3, fn: 1, fp: 2, tn: 6, recall: 3 / 4, fp_rate: 2 / 8 });
    // −50, 100, 300: p10 lies a fifth of the way from the first to the second.
    expect(totals.eot.latency_ms).toEqual({ p10: -20, p50: 100, p90: 260 });
    expect(totals.floor).toMatchObject({
      confusion: { tp: 1800, fn: 200, fp: 40, tn: 160 },
      accuracy: 1960 / 2200,
      balanced_accuracy: (0.9 + 0.8) / 2,
      precision: 1800 / 1840,
      recall: 0.9,
      hold_accuracy: 3 / 4,
      holds: 4,
      flips_per_minute: 3,
    });
    expect(totals.floor.accuracy_by_state).toMatchObject({ subject: 0.9, gap: 0.8, pause: null });
    expect(totals.endpoint).toMatchObject({ anchors: 4, cut_offs: 1, missed: 1, cutoff_rate: 1 / 4, ep50_ms: 200 });
    // 3 in 72 s of speech.
    expect(totals.eot.false_alarms_per_hour).toBeCloseTo(150, 9);
  });

  it('say nothing where there is nothing to measure', () => {
    expect(totals.int).toMatchObject({ recall: 0, fp_rate: null, latency_ms: { p10: null, p50: null, p90: null } });
    expect(totals.int.intervals.fp_rate).toBeNull();
    expect(totals.floor).toMatchObject({ shift_accuracy: null, shifts: 0, auc: null, average_precision: null });
    const { confusion, holds, shifts, ...rates } = totalsOf([zeroCounts()], 0, null, 1).floor;
    expect(new Set(leaves(rates))).toEqual(new Set([null]));
  });

  it('have intervals over conversations, the same for the same seed', () => {
    const { recall, latency_ms } = totals.eot.intervals;
    // Drawing the first twice gives 4 of 6, the second twice 2 of 2.
    expect(recall).toEqual([2 / 3, 1]);
    expect(latency_ms.p50).toEqual([-50, 200]);
    expect(totalsOf([FIRST, SECOND], 120, null, 1)).toEqual(totals);
    expect(totalsOf([FIRST], 60, null, 1).eot.intervals.recall).toBeNull();
    const several = Array.from({ length: 9 }, (_, i) => ({ ...SECOND, flips: i * i }));
    const intervals = [1, 1, 2].map((seed) => totalsOf(several, 540, null, seed).floor.intervals.flips_per_minute);
    expect(intervals[0]).toEqual(intervals[1]);
    expect(intervals[0]).not.toEqual(intervals[2]);
  });

  it('contain their values in their intervals, whatever was counted', () => {
    fc.assert(
      fc.property(fc.array(anyCounts(), { minLength: 2, maxLength: 4 }), (list) => {
        const { eot, int, floor } = totalsSchema.parse(totalsOf(list, 60, null, 1));
        for (const [value, interval] of [
          [eot.recall, eot.intervals.recall],
          [int.fp_rate, int.intervals.fp_rate],
          [floor.accuracy, floor.intervals.accuracy],
        ] as const) {
          if (value === null || interval === null) continue;
          expect(interval[0]).toBeLessThanOrEqual(interval[1]);
          expect(interval[0]).toBeGreaterThanOrEqual(0);
          expect(interval[1]).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('a row of the sweep', () => {
  it('has the numbers that the totals would have', () => {
    const { eot, int, floor, endpoint } = totalsOf([FIRST, SECOND], 120, null, 1);
    const row = sweepRow(0.35, [FIRST, SECOND]);
    expect(sweepRowSchema.parse(row)).toEqual(row);
    expect(row).toMatchObject({
      threshold: 0.35,
      eot_recall: eot.recall,
      eot_latency_p90_ms: eot.latency_ms.p90,
      int_fn: int.fn,
      int_fp_rate: null,
      floor_f1: floor.f1,
      floor_balanced_accuracy: floor.balanced_accuracy,
      cutoff_rate: endpoint.cutoff_rate,
      ep50_ms: endpoint.ep50_ms,
    });
  });
});

describe('the score of a task', () => {
  it('is what `score` prints', () => {
    expect(taskScore(task(1, 3, 0, 0, [40]))).toEqual({
      tp: 1,
      fn: 3,
      fp: 0,
      tn: 0,
      recall: 0.25,
      fp_rate: null,
      latency_ms: { p10: 40, p50: 40, p90: 40 },
    });
  });
});

/** Everything in a nested object that is no object itself. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}
