import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOTSTRAP_RESAMPLES, bootstrapInterval, drawResamples } from '../../src/stats/bootstrap.js';
import { functionOfSums, ratioOfSums, type Statistic } from '../../src/stats/statistic.js';

const METHODS = ['expanded', 'percentile', 'bca'] as const;

/** Mean of one value per conversation. */
function meanOf(values: readonly number[]): Statistic {
  return ratioOfSums(
    values,
    values.map(() => 1),
  );
}

describe('resamples', () => {
  it('draw as many conversations as there are, reproducibly', () => {
    const resamples = drawResamples(5, 1);
    expect(resamples.weights).toHaveLength(BOOTSTRAP_RESAMPLES);
    for (const drawn of resamples.weights) expect(drawn.reduce((a, b) => a + b, 0)).toBe(5);
    expect(drawResamples(5, 1)).toEqual(resamples);
    expect(drawResamples(5, 2)).not.toEqual(resamples);
  });

  it('begin with those of a shorter list of the same seed', () => {
    expect(drawResamples(7, 3, 50).weights.slice(0, 20)).toEqual(drawResamples(7, 3, 20).weights);
  });

  it('are all the same ones, whatever else was computed on them before', () => {
    const resamples = drawResamples(4, 1);
    const first = bootstrapInterval(resamples, meanOf([1, 5, 2, 8]));
    bootstrapInterval(resamples, meanOf([9, 9, 1, 0]), 'bca');
    expect(bootstrapInterval(resamples, meanOf([1, 5, 2, 8]))).toEqual(first);
  });
});

describe.each(METHODS)('the %s interval', (method) => {
  it('is a point when all conversations agree', () => {
    const statistic = ratioOfSums(Array(10).fill(3), Array(10).fill(4));
    expect(bootstrapInterval(drawResamples(10, 1), statistic, method)).toEqual([0.75, 0.75]);
  });

  it('is as wide as the theory says', () => {
    // 100 conversations, half of them 1 of 1: standard error 0.05, so about 0.5 ± 0.098.
    const statistic = meanOf(Array.from({ length: 100 }, (_, i) => i % 2));
    const [low, high] = bootstrapInterval(drawResamples(100, 1), statistic, method)!;
    expect(Math.abs(low - 0.402)).toBeLessThan(0.011);
    expect(Math.abs(high - 0.598)).toBeLessThan(0.011);
  });

  it('does not exist for one conversation or none', () => {
    expect(bootstrapInterval(drawResamples(1, 1), ratioOfSums([1], [2]), method)).toBeUndefined();
    expect(bootstrapInterval(drawResamples(0, 1), ratioOfSums([], []), method)).toBeUndefined();
  });

  it('does not exist where nothing is measured, or where all of it is in one conversation', () => {
    expect(bootstrapInterval(drawResamples(3, 1), ratioOfSums([0, 0, 0], [0, 0, 0]), method)).toBeUndefined();
    expect(bootstrapInterval(drawResamples(3, 1), ratioOfSums([0, 1, 0], [0, 2, 0]), method)).toBeUndefined();
  });

  it('leaves out resamples without a denominator', () => {
    expect(bootstrapInterval(drawResamples(3, 1), ratioOfSums([1, 2, 0], [2, 4, 0]), method)).toEqual([0.5, 0.5]);
  });

  it('serves any function of sums', () => {
    const statistic = functionOfSums(
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      ([a = 0, b = 0]) => a * b,
    );
    expect(bootstrapInterval(drawResamples(3, 1), statistic, method)).toEqual([18, 18]);
  });

  it('moves and stretches with the values', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), (list, shift, scale) => {
        const resamples = drawResamples(list.length, 1, 200);
        const [low, high] = bootstrapInterval(resamples, meanOf(list), method)!;
        const moved = bootstrapInterval(resamples, meanOf(list.map((value) => value * scale + shift)), method)!;
        expect(moved[0]).toBeCloseTo(low * scale + shift, 8);
        expect(moved[1]).toBeCloseTo(high * scale + shift, 8);
      }),
    );
  });

  it('turns round with the sign of the values', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(values, (list) => {
        const resamples = drawResamples(list.length, 1, 200);
        const [low, high] = bootstrapInterval(resamples, meanOf(list), method)!;
        const turned = bootstrapInterval(resamples, meanOf(list.map((value) => -value)), method)!;
        expect(turned[0]).toBeCloseTo(-high, 8);
        expect(turned[1]).toBeCloseTo(-low, 8);
      }),
    );
  });

  it('is made of finite numbers in order, within what the resamples can give', () => {
    const conversations = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(conversations, fc.nat(), (pairs, seed) => {
        const statistic = ratioOfSums(
          pairs.map(([hits]) => hits),
          pairs.map(([hits, misses]) => hits + misses),
        );
        const interval = bootstrapInterval(drawResamples(pairs.length, seed, 100), statistic, method);
        expect(interval === undefined).toBe(pairs.filter(([hits, misses]) => hits + misses > 0).length < 2);
        if (!interval) return;
        expect(interval[0]).toBeGreaterThanOrEqual(0);
        expect(interval[1]).toBeLessThanOrEqual(1);
        expect(interval[0]).toBeLessThanOrEqual(interval[1]);
      }),
    );
  });
});

describe('the expanded interval', () => {
  it('is the percentile interval of many conversations', () => {
    const statistic = meanOf(Array.from({ length: 500 }, (_, i) => Math.sin(i)));
    const resamples = drawResamples(500, 1, 500);
    const [low, high] = bootstrapInterval(resamples, statistic, 'percentile')!;
    const expanded = bootstrapInterval(resamples, statistic, 'expanded')!;
    expect(expanded[0] / low).toBeCloseTo(1, 1);
    expect(expanded[1] / high).toBeCloseTo(1, 1);
  });

  it("is as wide as Student's interval of a mean of six", () => {
    const values = [1, 2, 4, 5, 7, 8];
    const mean = 27 / 6;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5);
    const [low, high] = bootstrapInterval(drawResamples(6, 1, 20_000), meanOf(values))!;
    const half = (2.5706 * deviation) / Math.sqrt(6);
    // A bootstrap of six is a little less long-tailed than a normal distribution.
    expect((high - low) / 2 / half).toBeGreaterThan(0.9);
    expect((high - low) / 2 / half).toBeLessThan(1.02);
    const [nominalLow, nominalHigh] = bootstrapInterval(drawResamples(6, 1, 20_000), meanOf(values), 'percentile')!;
    expect((nominalHigh - nominalLow) / 2 / half).toBeLessThan(0.75);
  });
});

describe('of thousands of conversations, a number', () => {
  const only = (...places: number[]) => Array.from({ length: 3000 }, (_, i) => Number(places.includes(i)));

  it.each([
    [[17], false],
    [[2999], false],
    [[17, 18], true],
    [[17, 2999], true],
  ])('has an interval only where it does not rest on one alone: on those at %j', (places, exists) => {
    const statistic = ratioOfSums(only(...places), only(...places));
    expect(bootstrapInterval(drawResamples(3000, 1, 50), statistic) !== undefined).toBe(exists);
  });

  it('is not looked at once per conversation', () => {
    let calls = 0;
    const statistic: Statistic = (weights) => {
      calls++;
      return weights[0]! + weights[1]! === 0 ? undefined : 1;
    };
    bootstrapInterval(drawResamples(3000, 1, 50), statistic);
    expect(calls).toBeLessThan(150);
  });
});

describe('the bca interval', () => {
  it('is the percentile interval where all resamples lie on one side of the estimate', () => {
    // The estimate is the only draw with every conversation in it, and the largest value.
    const distinct: Statistic = (weights) => weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
    const resamples = drawResamples(60, 1);
    expect(bootstrapInterval(resamples, distinct, 'bca')).toEqual(bootstrapInterval(resamples, distinct, 'percentile'));
  });

  it('reaches further to the long side than the percentile interval', () => {
    const statistic = meanOf([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 5, 30]);
    const resamples = drawResamples(12, 1);
    const [low, high] = bootstrapInterval(resamples, statistic, 'percentile')!;
    const corrected = bootstrapInterval(resamples, statistic, 'bca')!;
    expect(corrected[0]).toBeGreaterThan(low);
    expect(corrected[1]).toBeGreaterThan(high);
  });
});
