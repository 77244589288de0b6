import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/core/prng.js';
import {
  aucOf,
  averagePrecisionOf,
  type FloorHistogram,
  histogramOf,
  sumHistograms,
} from '../../src/score/histogram.js';
import { histogramStatistics } from '../../src/score/histogram-statistics.js';
import { bootstrapInterval, drawResamples, estimate } from '../../src/stats/bootstrap.js';
import type { Statistic, Weights } from '../../src/stats/statistic.js';

/** The same from all bins, without groups. */
function exactly(
  histograms: readonly FloorHistogram[],
  numberOf: (histogram: FloorHistogram) => number | undefined,
): Statistic {
  return (weights: Weights) =>
    numberOf(sumHistograms(histograms.flatMap((histogram, i) => Array(weights[i]).fill(histogram))));
}

/** Answers around −2 and 2 in log-odds, shifted from conversation to conversation, some of them exactly the same. */
function conversation(seed: number): FloorHistogram {
  const random = new Prng(seed);
  const shift = random.normal(0, 0.7);
  const bins = Array.from({ length: 3000 }, (): [number, number, number] => {
    const held = random.float() < 0.4;
    const logOdds = random.float() < 0.1 ? 5 : random.normal((held ? 1.5 : -1.5) + shift, 2);
    const bin = Math.min(4095, Math.max(0, Math.floor(((logOdds + 16) * 4096) / 32)));
    return [bin, held ? 0 : 1, held ? 1 : 0];
  });
  return histogramOf(bins);
}

describe('AUC and average precision of weighted conversations', () => {
  const histograms = Array.from({ length: 8 }, (_, i) => conversation(i));
  const statistics = histogramStatistics(histograms);

  it('are those of the histogram with every conversation once', () => {
    const any = fc.array(fc.tuple(fc.nat(4095), fc.nat(30), fc.nat(30)), { maxLength: 300 });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (lists) => {
        const few = lists.map(histogramOf);
        const { auc, averagePrecision } = histogramStatistics(few);
        const pooled = sumHistograms(few);
        expectClose(estimate(few.length, auc), aucOf(pooled), 1e-12);
        expectClose(estimate(few.length, averagePrecision), averagePrecisionOf(pooled), 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it('are within two thousandths of those of all bins in every resample, the area within a ten-thousandth', () => {
    for (const weights of drawResamples(8, 1, 100).weights) {
      expectClose(statistics.auc(weights), exactly(histograms, aucOf)(weights), 1e-4);
      expectClose(statistics.averagePrecision(weights), exactly(histograms, averagePrecisionOf)(weights), 2e-3);
    }
  });

  it('have nearly the intervals that all bins give', () => {
    const resamples = drawResamples(8, 1, 200);
    for (const [statistic, numberOf, tolerance] of [
      [statistics.auc, aucOf, 1e-4],
      [statistics.averagePrecision, averagePrecisionOf, 1e-3],
    ] as const) {
      const interval = bootstrapInterval(resamples, statistic)!;
      const exact = bootstrapInterval(resamples, exactly(histograms, numberOf))!;
      for (const end of [0, 1] as const) expectClose(interval[end], exact[end], tolerance);
    }
  });

  it('have an interval around them', () => {
    const resamples = drawResamples(8, 1);
    for (const [statistic, value] of [
      [statistics.auc, aucOf(sumHistograms(histograms))!],
      [statistics.averagePrecision, averagePrecisionOf(sumHistograms(histograms))!],
    ] as const) {
      const [low, high] = bootstrapInterval(resamples, statistic)!;
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(high - low).toBeLessThan(0.2);
    }
  });

  it('do not exist without both gold classes, or one of them', () => {
    const released = histogramStatistics([histogramOf([[5, 3, 0]]), histogramOf([[9, 1, 0]])]);
    expect(estimate(2, released.auc)).toBeUndefined();
    expect(estimate(2, released.averagePrecision)).toBeUndefined();
    expect(bootstrapInterval(drawResamples(2, 1), released.auc)).toBeUndefined();
    const nothing = histogramStatistics([histogramOf([]), histogramOf([])]);
    expect(estimate(2, nothing.auc)).toBeUndefined();
  });
});

function expectClose(actual: number | undefined, expected: number | undefined, tolerance: number): void {
  expect(actual === undefined).toBe(expected === undefined);
  if (actual !== undefined) expect(Math.abs(actual - expected!)).toBeLessThanOrEqual(tolerance);
}
