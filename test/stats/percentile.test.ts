import { describe, expect, it } from 'vitest';
import { percentile, sortNumbers } from '../../src/stats/percentile.js';

describe('percentiles', () => {
  it('interpolate between neighbours', () => {
    const sorted = sortNumbers([40, 10, 20]);
    expect([0, 0.25, 0.5, 0.75, 1].map((level) => percentile(sorted, level))).toEqual([10, 15, 20, 30, 40]);
  });

  it('of one value are that value, of none do not exist', () => {
    expect(percentile(sortNumbers([7]), 0.9)).toBe(7);
    expect(percentile(sortNumbers([]), 0.5)).toBeUndefined();
  });
});
