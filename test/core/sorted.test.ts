import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byStart, byStartAndEnd } from '../../src/core/intervals.js';

/** Few different times, so that equal ones are common; `id` tells intervals apart. */
const lists = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 3 })), { maxLength: 40 })
  .map((pairs) => pairs.map(([startS, endS], id) => ({ startS, endS, id })));

describe('sorting intervals', () => {
  it('keeps the given order of equal starts, as the built-in sort does', () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(byStart(list)).toEqual([...list].sort((a, b) => a.startS - b.startS));
        expect(byStartAndEnd(list)).toEqual([...list].sort((a, b) => a.startS - b.startS || a.endS - b.endS));
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves the list alone, and does not copy one that is in order', () => {
    const list = [3, 1, 2].map((startS) => ({ startS, endS: startS }));
    const ordered = byStart(list);
    expect(list.map(({ startS }) => startS)).toEqual([3, 1, 2]);
    expect(byStart(ordered)).toBe(ordered);
    expect(byStart([])).toEqual([]);
  });
});
