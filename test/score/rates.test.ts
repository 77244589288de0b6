import { describe, expect, it } from 'vitest';
import type { Counts } from '../../src/core/counts.js';
import { byState } from '../../src/core/counts.js';
import { zeroCounts } from '../../src/score/counts.js';
import { ratesOf } from '../../src/score/rates.js';

/** Every number in a nested object. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
}

const counts: Counts = {
  eot: { tp: 3, fn: 1, fp: 1, tn: 4, latenciesMs: [300, 100, 200] },
  int: { tp: 1, fn: 1, fp: 0, tn: 2, latenciesMs: [50] },
  // gold 1: 60 + 10 + 10 held, 20 released; gold 0: 20 held, 80 released
  floor: {
    ...byState(() => ({ held: 0, released: 0 })),
    subject: { held: 60, released: 10 },
    overlap: { held: 10, released: 0 },
    pause: { held: 10, released: 10 },
    other: { held: 15, released: 60 },
    silence: { held: 5, released: 20 },
  },
  holds: { total: 4, kept: 3 },
  shifts: { total: 5, released: 1 },
  endpoint: { cutOffs: 2, missed: 1, latenciesMs: [0, 100, 200, 300, 400] },
  falseAlarms: { eot: 3, int: 6 },
  speechS: 1800,
  flips: 30,
  passS: 120,
};

describe('rates', () => {
  const rates = ratesOf(counts);

  it('of events', () => {
    expect(rates.eot).toEqual({
      recall: 3 / 4,
      fpRate: 1 / 5,
      latencyMs: { p10: 120, p50: 200, p90: 280 },
      falseAlarmsPerHour: 6,
    });
    expect(rates.int).toMatchObject({ recall: 1 / 2, fpRate: 0, falseAlarmsPerHour: 12 });
  });

  it('of the floor', () => {
    expect(rates.floor).toEqual({
      confusion: { tp: 80, fn: 20, fp: 20, tn: 80 },
      accuracy: 160 / 200,
      balancedAccuracy: 0.8,
      precision: 80 / 100,
      recall: 80 / 100,
      f1: 160 / 200,
      accuracyByState: {
        subject: 6 / 7,
        overlap: 1,
        pause: 1 / 2,
        other: 60 / 75,
        gap: undefined,
        silence: 20 / 25,
      },
      holdAccuracy: 3 / 4,
      shiftAccuracy: 1 / 5,
      flipsPerMinute: 15,
    });
  });

  it('of endpoints', () => {
    expect(rates.endpoint).toEqual({ anchors: 8, cutoffRate: 2 / 8, ep50Ms: 200, ep90Ms: 360, ep99Ms: 396 });
  });

  it('with nothing to divide by do not exist, rather than being 0 or NaN', () => {
    const empty = ratesOf(zeroCounts());
    // What is left are whole counts.
    expect(numbersIn(empty)).toEqual([0, 0, 0, 0, 0]);
    expect([empty.eot.recall, empty.floor.balancedAccuracy, empty.endpoint.ep99Ms]).toEqual(Array(3).fill(undefined));
  });
});
