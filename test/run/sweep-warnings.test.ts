import { describe, expect, it } from 'vitest';
import { sweepRow } from '../../src/result/totals.js';
import { edgeAdvice, sweepWarnings } from '../../src/run/sweep-warnings.js';
import { eotCounts } from '../helpers/figure-run.js';

const GRID = [0.3, 0.5, 0.7];

function points(threshold: number) {
  const eot = sweepRow(threshold, [eotCounts(8, 0, 100)]);
  return {
    fp_budget: 0.1,
    eot,
    int: null,
    cutoff_rate_at_ep50_160_ms: null,
    intervals: { eot: null, int: null, cutoff_rate_at_ep50_160_ms: null },
  };
}

describe('an operating point at the edge of the sweep', () => {
  it('is warned of with what to do about it', () => {
    expect(sweepWarnings(points(0.7), GRID, false)).toEqual([
      'EOT: the best threshold within the budget, 0.7, is the highest that was tried; a higher one may be better: try --sweep 0.5:0.9:0.1',
    ]);
    expect(sweepWarnings(points(0.3), GRID, true)[0]).toMatch(/lowest .* let the model answer at more thresholds$/);
  });

  it('is fine elsewhere, where nothing is left to gain or was found, and where there is none', () => {
    expect(sweepWarnings(points(0.5), GRID, false)).toEqual([]);
    for (const recall of [0, 1, null]) expect(edgeAdvice(GRID, 0.7, recall, '--sweep')).toBeUndefined();
    expect(sweepWarnings(null, GRID, false)).toEqual([]);
  });
});
