/** What a score must be when the answer is known: the gold itself, silence, and talk without end. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyRun, workplace } from '../helpers/cli.js';

const place = workplace();

async function totalsOf(model: string) {
  const out = join(place.folder, model);
  const { code, stdout } = await place.inside(['eval', '-m', model, '-q', '--out', out]);
  expect(code).toBe(0);
  const run = onlyRun(out);
  return { totals: run.header.totals!, run, stdout };
}

describe('the oracle', () => {
  it('finds everything at once and is never wrong', async () => {
    const { totals, run, stdout } = await totalsOf('oracle');
    const perfect = { recall: 1, fp_rate: 0, fn: 0, fp: 0, latency_ms: { p10: 0, p50: 0, p90: 0 } };
    expect(totals).toMatchObject({ eot: { ...perfect, tp: 125, tn: 119 }, int: { ...perfect, tp: 17, tn: 41 } });
    expect(totals.endpoint).toMatchObject({ anchors: 125, cut_offs: 0, missed: 0, ep99_ms: 0 });
    expect(run.header.spec).toMatchObject({ threshold: null, sweep_thresholds: null });
    expect(stdout).toMatch(/^oracle +— +EOT +1\.000/m);
    // It has no floor: nothing was measured, which is not zero.
    expect(totals.floor).toMatchObject({ accuracy: null, hold_accuracy: null, flips_per_minute: null, auc: null });
  });
});

describe('a model that is always silent', () => {
  it('finds nothing and is never wrong', async () => {
    const { totals } = await totalsOf('never');
    const nothing = { recall: 0, fp_rate: 0, tp: 0, fp: 0, latency_ms: { p10: null, p50: null, p90: null } };
    expect(totals).toMatchObject({ eot: { ...nothing, fn: 125 }, int: { ...nothing, fn: 17 } });
    expect(totals.endpoint).toMatchObject({ cut_offs: 0, missed: 125, cutoff_rate: 0, ep50_ms: null });
    expect(totals.floor).toMatchObject({ recall: 0, balanced_accuracy: 0.5, shift_accuracy: 1, flips_per_minute: 0 });
  });
});

describe('a model that never lets go', () => {
  it('finds nothing after its first word, holds every pause and yields in no gap', async () => {
    const { totals } = await totalsOf('always');
    expect(totals.eot).toMatchObject({ recall: 0, fp_rate: 0 });
    expect(totals.floor).toMatchObject({ recall: 1, balanced_accuracy: 0.5, hold_accuracy: 1, shift_accuracy: 0 });
    expect(totals.floor.accuracy).toBe(totals.floor.precision);
  });
});
