import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound, lowerBoundNear, upperBound } from '../../src/core/search.js';
import { firstStepEndingAfter, firstStepMidwayFrom, stepEndS, stepMidpointS } from '../../src/core/time.js';

describe('search in ascending numbers', () => {
  const ascending = [1, 2, 2, 2, 5];

  it('finds the first that is at least, and the first that is more', () => {
    expect([0, 1, 2, 3, 5, 6].map((value) => lowerBound(ascending, value))).toEqual([0, 0, 1, 4, 4, 5]);
    expect([0, 1, 2, 3, 5, 6].map((value) => upperBound(ascending, value))).toEqual([0, 1, 4, 4, 5, 5]);
  });

  it('finds the same in a part of the list, wherever it begins to look', () => {
    const numbers = fc
      .array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 })
      .map((list) => list.sort((a, b) => a - b));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -1, max: 21 }), share, share, share, (list, value, ...shares) => {
        const [from = 0, near = 0, to = 0] = shares.map((x) => Math.round(x * list.length)).sort((a, b) => a - b);
        const part = list.slice(from, to);
        const first = from + part.filter((number) => number < value).length;
        expect(lowerBound(list, value, from, to)).toBe(first);
        expect(lowerBoundNear(list, value, near, from, to)).toBe(first);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing in an empty list', () => {
    expect([lowerBound([], 1), upperBound([], 1)]).toEqual([0, 0]);
  });
});

describe('the step that belongs to a time', () => {
  it('is found by comparing, whatever the product rounds to', () => {
    const times = fc.oneof(
      fc.double({ min: 0, max: 10_000, noNaN: true }),
      fc.integer({ min: 0, max: 500_000 }).map((step) => stepEndS(step)),
      fc.integer({ min: 0, max: 500_000 }).map((step) => stepMidpointS(step)),
    );
    fc.assert(
      fc.property(times, (timeS) => {
        const after = firstStepEndingAfter(timeS);
        expect(stepEndS(after) > timeS && (after === 0 || stepEndS(after - 1) <= timeS)).toBe(true);
        const midway = firstStepMidwayFrom(timeS);
        expect(stepMidpointS(midway) >= timeS && (midway === 0 || stepMidpointS(midway - 1) < timeS)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
