/** Against numpy and scipy: `test/fixtures/stats/make_scipy_fixtures.py` says how the numbers were made. */
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, type Resamples } from '../../src/stats/bootstrap.js';
import { normalCdf, normalQuantile } from '../../src/stats/normal.js';
import { percentile, sortNumbers } from '../../src/stats/percentile.js';
import { differenceOf, pooledPercentiles, ratioOfSums, type Statistic } from '../../src/stats/statistic.js';
import { studentQuantile } from '../../src/stats/student.js';
import { readFixture } from '../helpers/fixtures.js';

interface Ratio {
  readonly numerators: readonly number[];
  readonly denominators: readonly number[];
}

interface IntervalCase {
  readonly name: string;
  readonly ratio?: Ratio;
  readonly other?: Ratio;
  readonly lists?: readonly (readonly number[])[];
  readonly level?: number;
  /** Per resample the places of the conversations that were drawn. */
  readonly resamples: readonly (readonly number[])[];
  readonly expected: { readonly percentile: [number, number]; readonly bca: [number, number] };
}

const scipy = readFixture<{
  readonly percentiles: readonly { values: number[]; levels: number[]; expected: number[] }[];
  readonly normal: { readonly cdf: [number, number][]; readonly ppf: [number, number][] };
  readonly student: [both: number, degrees: number, quantile: number][];
  readonly intervals: readonly IntervalCase[];
}>('stats/scipy');

describe('percentiles', () => {
  it('are those of numpy to the last bit', () => {
    for (const { values, levels, expected } of scipy.percentiles) {
      const sorted = sortNumbers(values);
      expect(levels.map((level) => percentile(sorted, level))).toEqual(expected);
    }
  });
});

describe('the normal distribution', () => {
  it('is that of scipy, far into both tails', () => {
    for (const [x, expected] of scipy.normal.cdf) expectRelative(normalCdf(x), expected, 1e-12);
  });

  it('has the quantiles of scipy', () => {
    for (const [level, expected] of scipy.normal.ppf) expectRelative(normalQuantile(level), expected, 1e-12);
  });

  it('ends at infinity', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
    expect([normalCdf(-Infinity), normalCdf(0), normalCdf(Infinity)]).toEqual([0, 0.5, 1]);
  });
});

describe("Student's t distribution", () => {
  it('has the quantiles of scipy', () => {
    for (const [both, degrees, expected] of scipy.student) {
      expectRelative(studentQuantile(both, degrees), expected, 1e-11);
    }
    expectRelative(studentQuantile(0.05, 1), Math.tan(0.95 * (Math.PI / 2)), 1e-14);
  });
});

describe('from the same resamples', () => {
  it.each(scipy.intervals)('$name has the intervals of scipy', (fixture) => {
    const resamples = resamplesOf(fixture);
    const statistic = statisticOf(fixture);
    for (const method of ['percentile', 'bca'] as const) {
      const interval = bootstrapInterval(resamples, statistic, method)!;
      for (const end of [0, 1] as const) expectRelative(interval[end], fixture.expected[method][end], 1e-12);
    }
  });
});

function statisticOf({ ratio, other, lists, level }: IntervalCase): Statistic {
  if (lists) return pooledPercentiles(lists, [level!])[0]!;
  const first = ratioOfSums(ratio!.numerators, ratio!.denominators);
  return other ? differenceOf(first, ratioOfSums(other.numerators, other.denominators)) : first;
}

function resamplesOf({ resamples }: IntervalCase): Resamples {
  const conversations = resamples[0]!.length;
  const weights = resamples.map((drawn) => {
    const counts = new Uint32Array(conversations);
    for (const place of drawn) counts[place]! += 1;
    return counts;
  });
  return { conversations, weights };
}

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(Math.abs(expected), Number.MIN_VALUE),
  );
}
