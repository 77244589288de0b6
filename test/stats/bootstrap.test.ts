import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOOTSTRAP_RESAMPLES,
  bootstrapPercentiles,
  bootstrapRatio,
  bootstrapSums,
  drawResamples,
} from '../../src/stats/bootstrap.js';
import { percentile, sortNumbers } from '../../src/stats/percentile.js';

describe('resamples', () => {
  it('draw as many conversations as there are, reproducibly', () => {
    const resamples = drawResamples(5, 1)!;
    expect(resamples.count).toBe(BOOTSTRAP_RESAMPLES);
    for (let row = 0; row < resamples.count; row++) {
      const drawn = resamples.weights.subarray(row * 5, row * 5 + 5);
      expect(drawn.reduce((a, b) => a + b, 0)).toBe(5);
    }
    expect(drawResamples(5, 1)).toEqual(resamples);
    expect(drawResamples(5, 2)).not.toEqual(resamples);
  });

  it('need two conversations', () => {
    expect(drawResamples(1, 1)).toBeUndefined();
    expect(bootstrapRatio(undefined, [1], [2])).toBeUndefined();
    expect(bootstrapPercentiles(undefined, [[1, 2]], [0.1, 0.5])).toEqual([undefined, undefined]);
  });
});

describe('the interval of a ratio', () => {
  it('is a point when all conversations agree', () => {
    expect(bootstrapRatio(drawResamples(10, 1), Array(10).fill(3), Array(10).fill(4))).toEqual([0.75, 0.75]);
  });

  it('is as wide as the theory says', () => {
    // 100 conversations, half of them 1 of 1: standard error 0.05, so about 0.5 ± 0.098.
    const numerators = Array.from({ length: 100 }, (_, i) => i % 2);
    const [low, high] = bootstrapRatio(drawResamples(100, 1), numerators, Array(100).fill(1))!;
    expect(low).toBeCloseTo(0.402, 1);
    expect(high).toBeCloseTo(0.598, 1);
  });

  it('leaves out resamples without a denominator, and does not exist when there is none', () => {
    expect(bootstrapRatio(drawResamples(2, 1), [1, 0], [2, 0])).toEqual([0.5, 0.5]);
    expect(bootstrapRatio(drawResamples(2, 1), [0, 0], [0, 0])).toBeUndefined();
  });

  it('serves any statistic of sums', () => {
    const sums = bootstrapSums(
      drawResamples(3, 1),
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      ([a = 0, b = 0]) => a * b,
    );
    expect(sums).toEqual([18, 18]);
  });
});

describe('the interval of a percentile', () => {
  it('equals pooling the drawn conversations and sorting, for every level', () => {
    const lists = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 6 }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 1000 }), (values, seed) => {
        const resamples = drawResamples(values.length, seed, 20)!;
        const levels = [0.1, 0.5, 0.9, 1];
        const pooled = levels.map((level) => {
          const results: number[] = [];
          for (let row = 0; row < resamples.count; row++) {
            const drawn = values.flatMap((list, i) =>
              Array(resamples.weights[row * values.length + i])
                .fill(list)
                .flat(),
            );
            const value = percentile(sortNumbers(drawn), level);
            if (value !== undefined) results.push(value);
          }
          const sorted = sortNumbers(results);
          return results.length === 0 ? undefined : [percentile(sorted, 0.025), percentile(sorted, 0.975)];
        });
        expect(bootstrapPercentiles(resamples, values, levels)).toEqual(pooled);
      }),
      { numRuns: 50 },
    );
  });
});
