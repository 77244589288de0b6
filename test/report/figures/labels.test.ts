import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../src/report/figures/labels.js';

const PLOT = { left: 0, top: 0, right: 200, bottom: 100 };
const label = (x: number, y: number) => ({ text: 'name', width: 40, anchors: [{ x, y }] });

describe('names beside their curves', () => {
  it('stand at the right when there is room, else at the left', () => {
    expect(placeLabels([label(50, 50)], PLOT, [])![0]!.x).toBeGreaterThan(50);
    expect(placeLabels([label(190, 50)], PLOT, [])![0]!.x).toBeLessThan(190 - 40);
  });

  it('cover neither a curve nor one another', () => {
    const wall = Array.from({ length: 100 }, (_, y) => ({ x: 70, y }));
    expect(placeLabels([label(50, 50)], PLOT, wall)![0]!.x).toBeLessThan(50);
    const [one, two] = placeLabels([label(100, 50), label(100, 50)], PLOT, [])!;
    expect(one).not.toEqual(two);
  });

  it('go nowhere when one of them finds no place', () => {
    const full = Array.from({ length: 400 }, (_, i) => ({ x: (i % 20) * 10, y: Math.floor(i / 20) * 5 }));
    expect(placeLabels([label(50, 50)], PLOT, full)).toBeUndefined();
  });
});
