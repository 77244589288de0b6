import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { round6, timeGrid } from '../../src/policy/time-grid.js';

describe('rounding to microseconds', () => {
  it('breaks ties of the exact binary value to the even digit', () => {
    // 1/128 = 0.0078125 and 3/128 = 0.0234375 are exact; so are their sums with whole numbers.
    expect([1, 3, 129, 131].map((n) => round6(n / 128))).toEqual([0.007812, 0.023438, 1.007812, 1.023438]);
    expect(round6(-1 / 128)).toBe(-0.007812);
  });

  it('looks at the exact value where a product with a million would not', () => {
    // round(x, 6) of Python; numpy, which multiplies, makes 1.000002 of the first.
    expect([1.0000015, 0.1234565, 8.0000025, 0.1 + 0.2].map(round6)).toEqual([1.000001, 0.123456, 8.000003, 0.3]);
  });

  it('gives the nearest double of a decimal, and gives it again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20_000, noNaN: true }), (x) => {
        const rounded = round6(x);
        expect(Math.abs(rounded - x)).toBeLessThanOrEqual(0.5e-6 + 1e-11);
        expect(round6(rounded)).toBe(rounded);
        expect(Number(rounded.toFixed(6))).toBe(rounded);
      }),
    );
  });
});

describe('the grid of a silence', () => {
  it('ends with the silence, once', () => {
    expect(timeGrid(1, 1.25).silencesS).toEqual([0, 0.1, 0.2, 0.25]);
    expect(timeGrid(1, 1.3).silencesS).toEqual([0, 0.1, 0.2, 0.3]);
    expect(timeGrid(1, 1).silencesS).toEqual([0]);
  });
});
