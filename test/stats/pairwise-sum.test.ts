import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairwiseMean, pairwiseSum } from '../../src/stats/pairwise-sum.js';

const values = (count: number) => Array.from({ length: count }, (_, i) => 1 / (i + 3));

describe('the sum of numpy', () => {
  // numpy.sum(1 / (numpy.arange(n) + 3)), printed with repr; numpy 2.4.6.
  it.each([
    [7, 1.328968253968254],
    [8, 1.4289682539682538],
    [100, 3.707082429307257],
    [129, 3.956224926052236],
    [1000, 5.987467865541362],
  ])('of %i values is the same to the last bit', (count, sum) => {
    expect(pairwiseSum(values(count))).toBe(sum);
  });

  it('is not the sum from left to right', () => {
    expect(pairwiseSum(values(1000))).not.toBe(values(1000).reduce((sum, value) => sum + value, 0));
  });

  it('may begin anywhere in a list', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 400 }),
        fc.nat(20),
        (list, from) => {
          const start = Math.min(from, list.length);
          expect(pairwiseSum(list, start)).toBe(pairwiseSum(list.slice(start)));
        },
      ),
    );
  });

  it('has no mean of nothing', () => {
    expect([pairwiseMean([]), pairwiseMean([1, 2])]).toEqual([undefined, 1.5]);
  });
});
