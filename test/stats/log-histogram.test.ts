import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LOG_BIN_ERROR,
  type LogBins,
  LogHistogram,
  logBinCount,
  logPercentiles,
  sumLogBins,
} from '../../src/stats/log-histogram.js';
import { percentile, sortNumbers } from '../../src/stats/percentile.js';

/** ms, from nanoseconds to minutes. */
const times = fc.array(
  fc.double({ min: -5.9, max: 5, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 1, maxLength: 200 },
);

function binsOf(values: readonly number[]): LogBins {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return histogram.bins;
}

describe('a histogram of equal ratios', () => {
  it('knows every percentile to within one percent', () => {
    const levels = [0, 0.1, 0.5, 0.9, 0.99, 1];
    fc.assert(
      fc.property(times, (values) => {
        const sorted = sortNumbers(values);
        const estimates = logPercentiles(binsOf(values), levels);
        for (const [k, level] of levels.entries()) {
          const exact = percentile(sorted, level)!;
          // A hair more than the bound, for the roundings of logarithm and power.
          expect(Math.abs(estimates[k]! - exact)).toBeLessThanOrEqual(exact * (LOG_BIN_ERROR + 1e-9));
        }
      }),
    );
  });

  it('is the same whether values are counted together or in parts', () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        const whole = binsOf([...a, ...b, ...c]);
        expect(sumLogBins([binsOf(a), binsOf(b), binsOf(c)])).toEqual(whole);
        expect(sumLogBins([binsOf(a), sumLogBins([binsOf(b), binsOf(c)])])).toEqual(whole);
        expect(logBinCount(whole)).toBe(a.length + b.length + c.length);
      }),
    );
  });

  it('counts what a coarse clock measured as nothing as nothing', () => {
    const bins = binsOf([0, 0, 0, 1]);
    expect(bins[0]).toEqual([0, 3]);
    expect(logPercentiles(bins, [0.5])).toEqual([0]);
  });

  it('has no percentile of nothing', () => {
    expect(logPercentiles([], [0.5])).toEqual([undefined]);
  });

  it('needs a few hundred bins for times from a microsecond to a minute', () => {
    const values = Array.from({ length: 100_000 }, (_, i) => 1e-3 * 60e6 ** (i / 100_000));
    expect(binsOf(values).length).toBeLessThan(900);
  });
});
