import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawResamples } from '../../src/stats/bootstrap.js';
import { percentile, sortNumbers } from '../../src/stats/percentile.js';
import { differenceOf, pooledPercentiles, ratioOfSums } from '../../src/stats/statistic.js';

describe('a statistic of weighted conversations', () => {
  it('is the ratio of weighted sums', () => {
    expect(ratioOfSums([1, 2], [3, 10])(Uint32Array.of(2, 1))).toBe(4 / 16);
  });

  it('is not defined without a denominator', () => {
    expect(ratioOfSums([1, 0], [3, 0])(Uint32Array.of(0, 2))).toBeUndefined();
  });

  it('equals pooling the drawn conversations and sorting, for every percentile', () => {
    const lists = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 6 }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 1000 }), (values, seed) => {
        const levels = [0, 0.1, 0.5, 0.9, 1];
        const statistics = pooledPercentiles(values, levels);
        for (const weights of drawResamples(values.length, seed, 20).weights) {
          const drawn = sortNumbers(values.flatMap((list, i) => Array(weights[i]).fill(list).flat()));
          expect(statistics.map((statistic) => statistic(weights))).toEqual(
            levels.map((level) => percentile(drawn, level)),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds percentiles among thousands of values as among a few', () => {
    const lists = Array.from({ length: 5 }, (_, i) => Array.from({ length: 400 + i }, (_, k) => (k * 7919) % 1009));
    const levels = [0, 0.037, 0.5, 0.9, 1];
    const statistics = pooledPercentiles(lists, levels);
    for (const weights of drawResamples(5, 1, 50).weights) {
      const drawn = sortNumbers(lists.flatMap((list, i) => Array(weights[i]).fill(list).flat()));
      expect(statistics.map((statistic) => statistic(weights))).toEqual(
        levels.map((level) => percentile(drawn, level)),
      );
    }
  });

  it('subtracts the first from the second, where both are defined', () => {
    const [half, none, all] = [ratioOfSums([1, 0], [2, 0]), ratioOfSums([0, 0], [0, 0]), ratioOfSums([2, 0], [2, 0])];
    const weights = Uint32Array.of(1, 1);
    expect(differenceOf(half, all)(weights)).toBe(0.5);
    expect(differenceOf(all, half)(weights)).toBe(-0.5);
    expect(differenceOf(half, none)(weights)).toBeUndefined();
    expect(differenceOf(none, half)(weights)).toBeUndefined();
  });
});
