import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGrid, UNIFORM_THRESHOLDS } from '../../src/sweep/grid.js';
import { gridEdge } from '../../src/sweep/grid-edge.js';

describe('the edge of a grid', () => {
  it('is its first and last threshold, with the grid to try next', () => {
    expect(gridEdge(UNIFORM_THRESHOLDS, 0.95)).toEqual({ side: 'highest', next: '0.9:0.99:0.01' });
    expect(gridEdge(UNIFORM_THRESHOLDS, 0.05)).toEqual({ side: 'lowest', next: '0.01:0.1:0.01' });
    expect(gridEdge([0.5, 0.7, 0.9], 0.9)?.next).toBe('0.7:0.99:0.01');
    expect(gridEdge([0.98, 0.99], 0.99)?.next).toBe('0.98:0.999:0.001');
  });

  it('is nowhere else, and not in a grid of one', () => {
    for (const threshold of UNIFORM_THRESHOLDS.slice(1, -1)) {
      expect(gridEdge(UNIFORM_THRESHOLDS, threshold)).toBeUndefined();
    }
    expect(gridEdge([0.5], 0.5)).toBeUndefined();
  });

  it('has a next grid that can be swept and goes further', () => {
    const thresholds = fc.uniqueArray(
      fc.integer({ min: 1, max: 999 }).map((k) => k / 1000),
      { minLength: 2, maxLength: 9 },
    );
    fc.assert(
      fc.property(thresholds, (list) => {
        const sorted = [...list].sort((a, b) => a - b);
        const [first, last] = [sorted[0]!, sorted.at(-1)!];
        expect(parseGrid(gridEdge(sorted, first)!.next)[0]).toBeLessThan(first);
        expect(parseGrid(gridEdge(sorted, last)!.next).at(-1)).toBeGreaterThan(last);
      }),
    );
  });
});
