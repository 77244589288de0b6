import { describe, expect, it } from 'vitest';
import { renderTaskSweep } from '../../src/report/sweep-table.js';

function row(threshold: number) {
  const latency = { latency_p10_ms: null, latency_p50_ms: 40, latency_p90_ms: 99.6 };
  const endpoint = { cutoff_rate: 0.25, ep50_ms: 60 };
  return { threshold, recall: 0.5, fp_rate: 0.05, false_int_rate: null, ...latency, ...endpoint, tp: 1, fp: 2, fn: 3 };
}

const NONE = { latency_first: null, cutoff_first: null };

describe('the sweep of a probability file', () => {
  it('shows every row of a short list, the operating point marked', () => {
    const rows = [row(0.25), row(0.5)];
    const text = renderTaskSweep({ task: 'int', rows, operating_point: rows[1]!, ...NONE }, 0.1);
    expect(text).toMatch(/^INT sweep\n/);
    expect(text).toMatch(/^ +0\.25 +0\.500 +0\.050 +— +— +40 +100 +1 +2 +3$/m);
    expect(text).toMatch(/^→ +0\.50 /m);
    expect(text).toMatch(/→: highest recall with a false-positive rate of at most 0\.1: θ = 0\.5\n$/);
  });

  it('thins out a long list but never the operating point', () => {
    const rows = Array.from({ length: 600 }, (_, k) => row((k + 1) / 1000));
    const text = renderTaskSweep({ task: 'eot', rows, operating_point: rows[101]!, ...NONE }, 0.1);
    expect(text).toMatch(/^→ +0\.102 /m);
    expect(text).toContain('26 of 600 thresholds shown; --json has all\n');
  });

  it('says when no threshold is good enough', () => {
    const text = renderTaskSweep({ task: 'eot', rows: [row(0.5)], operating_point: null, ...NONE }, 0.01);
    expect(text).toMatch(/no threshold keeps the false-positive rate within 0\.01\n$/);
  });
});
