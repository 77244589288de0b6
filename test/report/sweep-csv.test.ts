import { describe, expect, it } from 'vitest';
import { renderSweepCsv } from '../../src/report/sweep-csv.js';
import { sweepRow } from '../../src/result/totals.js';
import { zeroCounts } from '../../src/score/counts.js';

describe('sweep.csv', () => {
  it('has the documented columns, and an empty cell where there is nothing to measure', () => {
    const counts = { ...zeroCounts(), eot: { tp: 1, fn: 1, fp: 0, tn: 0, latenciesMs: [12.5] } };
    const [columns, first, second, end] = renderSweepCsv([sweepRow(0.05, [counts]), sweepRow(0.1, [])]).split('\n');
    expect(columns!.split(',')).toHaveLength(25);
    expect(columns).toMatch(/^threshold,eot_recall,eot_fp_rate,eot_latency_p10_ms,.*,cutoff_rate,ep50_ms,ep90_ms$/);
    expect(first).toBe('0.05,0.5,,12.5,12.5,12.5,1,1,0,0,,,,,,0,0,0,0,,,,,,');
    expect(second).toBe('0.1,,,,,,0,0,0,0,,,,,,0,0,0,0,,,,,,');
    expect(end).toBe('');
  });

  it('keeps every digit', () => {
    const counts = { ...zeroCounts(), eot: { tp: 1, fn: 2, fp: 0, tn: 0, latenciesMs: [1 / 3] } };
    const cells = renderSweepCsv([sweepRow(0.3, [counts])])
      .split('\n')[1]!
      .split(',');
    expect([cells[1], cells[3]].map(Number)).toEqual([1 / 3, 1 / 3]);
  });
});
