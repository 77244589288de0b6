import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, niceDomain, niceStep } from '../../../src/report/figures/scale.js';

describe('a scale', () => {
  it('puts the middle of its values in the middle of its pixels, and grows upwards when told so', () => {
    const up = linearScale([0, 1], [300, 100]);
    expect([0, 0.5, 1].map(up.at)).toEqual([300, 200, 100]);
  });

  it('writes round numbers with as many decimals as tell them apart', () => {
    const unit = linearScale([0, 1], [0, 100]);
    expect(unit.ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(unit.ticks.map(unit.label)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    const wide = linearScale([-200, 800], [0, 100]);
    expect(wide.ticks.map(wide.label)).toEqual(['−200', '0', '200', '400', '600', '800']);
  });

  it('has ticks inside its domain, none too many, and a domain that holds all values', () => {
    const values = fc.array(
      fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 8),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(values, (list) => {
        const domain = niceDomain(list);
        const scale = linearScale(domain, [0, 100]);
        const margin = 1e-6 * (domain[1] - domain[0]);
        for (const value of list) expect(value >= domain[0] - margin && value <= domain[1] + margin).toBe(true);
        for (const tick of scale.ticks) expect(tick >= domain[0] - margin && tick <= domain[1] + margin).toBe(true);
        expect(scale.ticks.length).toBeGreaterThan(1);
        expect(scale.ticks.length).toBeLessThanOrEqual(9);
        expect(new Set(scale.ticks.map(scale.label)).size).toBe(scale.ticks.length);
      }),
    );
  });

  it('widens a domain of one value, and has one of none', () => {
    expect(niceDomain([7])[0]).toBeLessThan(7);
    expect(niceDomain([7])[1]).toBeGreaterThan(7);
    expect(niceDomain([])).toEqual([0, 1]);
  });

  it('steps by one, two or five', () => {
    expect([0.9, 1.4, 3, 7, 10, 60].map((span) => niceStep(span, 6))).toEqual([0.2, 0.5, 0.5, 2, 2, 10]);
  });
});
