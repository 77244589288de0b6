import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotProduct } from '../../src/audio/dot.js';

const floats = (length: number) =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: length, maxLength: length });

describe('dotProduct', () => {
  it('is the sum of products of one row and the window from a sample on', () => {
    // Whole numbers below 2^24 add without rounding, so the order of the sums cannot matter.
    const cases = fc
      .record({ rows: fc.integer({ min: 1, max: 4 }), eights: fc.integer({ min: 1, max: 5 }), extra: fc.nat(20) })
      .chain(({ rows, eights, extra }) =>
        fc.record({
          taps: fc.constant(8 * eights),
          row: fc.nat(rows - 1),
          from: fc.nat(extra),
          coefficients: floats(rows * 8 * eights).map((values) => Float32Array.from(values, (value) => value % 10)),
          window: floats(8 * eights + extra),
        }),
      );
    fc.assert(
      fc.property(cases, ({ taps, row, from, coefficients, window }) => {
        const product = dotProduct(coefficients, taps, window.length);
        product.window.set(window);
        const terms = window
          .slice(from, from + taps)
          .map((value, i) => value * (coefficients[row * taps + i] as number));

        expect(product.dot(row, from)).toBe(terms.reduce((sum, term) => sum + term, 0));
      }),
      { numRuns: 50 },
    );
  });

  it('works in single precision', () => {
    const product = dotProduct(new Float32Array(8).fill(0.1), 8, 8);
    product.window.fill(1 / 3);

    expect(product.dot(0, 0)).toBe(Math.fround(product.dot(0, 0)));
    expect(product.dot(0, 0)).toBeCloseTo(0.8 / 3, 6);
  });
});
