import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../../src/report/figures/pareto.js';

const points = fc.array(fc.record({ x: fc.nat({ max: 20 }), y: fc.nat({ max: 20 }) }));

describe('the Pareto front', () => {
  it('has exactly the points that no other beats, once each', () => {
    fc.assert(
      fc.property(points, (list) => {
        const beaten = (a: { x: number; y: number }) =>
          list.some((b) => b.x <= a.x && b.y <= a.y && (b.x < a.x || b.y < a.y));
        const expected = new Set(list.filter((point) => !beaten(point)).map(({ x, y }) => `${x} ${y}`));
        const front = paretoFront(list).map(({ x, y }) => `${x} ${y}`);
        expect(new Set(front)).toEqual(expected);
        expect(front).toHaveLength(expected.size);
      }),
    );
  });

  it('runs from left to right', () => {
    const front = paretoFront([
      { x: 3, y: 1 },
      { x: 1, y: 3 },
      { x: 2, y: 4 },
    ]);
    expect(front).toEqual([
      { x: 1, y: 3 },
      { x: 3, y: 1 },
    ]);
  });
});
