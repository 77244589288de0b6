import { describe, expect, it } from 'vitest';
import { slaneyFilters } from '../../src/dsp/mel.js';

/** The same bank as a matrix `[count][bins]`. */
function matrix(count: number, bins: number, binHz: number): number[][] {
  const { rising, rise, fall } = slaneyFilters(count, bins, binHz);
  const rows = Array.from({ length: count }, () => new Array<number>(bins).fill(0));
  for (let bin = 0; bin < bins; bin++) {
    if (rise[bin]! > 0) rows[rising[bin]!]![bin] = rise[bin]!;
    if (fall[bin]! > 0) rows[rising[bin]! - 1]![bin] = fall[bin]!;
  }
  return rows;
}

describe('slaneyFilters', () => {
  const fine = matrix(80, 8001, 1);

  it('has the same area under every filter', () => {
    for (const row of fine) {
      expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 3);
    }
  });

  it('is linear below 1 kHz and logarithmic above', () => {
    const peaksHz = fine.map((row) => row.indexOf(Math.max(...row)));
    // 81 equal steps to 8 kHz, which lies at 15 + 27·log(8)/log(6.4) = 45.246 mel; 1000/15 Hz per mel below 1 kHz.
    const stepMel = (15 + (27 * Math.log(8)) / Math.log(6.4)) / 81;
    expect(peaksHz[0]).toBe(Math.round(stepMel * (1000 / 15)));
    expect(peaksHz[25]).toBe(Math.round(26 * stepMel * (1000 / 15)));
    expect(peaksHz[79]).toBe(Math.round(1000 * Math.exp(((80 * stepMel - 15) / 27) * Math.log(6.4))));
  });

  it('leaves out the first and the last bin, and no filter', () => {
    const rows = matrix(80, 201, 40);
    for (const row of rows) {
      expect(row[0]).toBe(0);
      expect(row[200]).toBe(0);
      expect(Math.max(...row)).toBeGreaterThan(0);
    }
    expect(rows.map((row) => row[1]).filter((weight) => weight! > 0)).toHaveLength(2);
  });
});
