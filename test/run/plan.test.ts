import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../src/dataset/directory.js';
import { type EvaluationRequest, planEvaluation } from '../../src/run/plan.js';
import { UNIFORM_THRESHOLDS } from '../../src/sweep/grid.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { modelSource, tinyDataset } from '../helpers/tiny-world.js';

const folder = temporaryFolder();
const SWEEP = [0.25, 0.5, 0.75];

async function plan(change: Partial<EvaluationRequest> = {}) {
  const dataset = await openDirectory(writeTree(join(folder(), 'tiny'), tinyDataset('1', '2')));
  const request = { model: 'random', options: {}, ids: dataset.ids, sweep: SWEEP, thresholdsAsked: false, seed: 1 };
  return planEvaluation({ ...request, dataset, ...change });
}

/** A model with thresholds of its own. */
function sweepingModel(name: string, more = ''): string {
  writeTree(folder(), { [name]: modelSource('return [0, 0, 0]', `thresholds: [0.1, 0.4, 0.9], ${more}`) });
  return join(folder(), name);
}

describe('the specification of a run', () => {
  it('names everything that decides its numbers', async () => {
    const { spec, specSha256 } = await plan({ options: { seed: 7 } });
    expect(spec).toMatchObject({
      model: { name: 'random', options: { seed: 7 }, input_sample_rate_hz: 16_000, weights: [] },
      dataset: { name: 'tiny', version: '1.0.0', ids: ['1', '2'] },
      threshold: 0.5,
      sweep_thresholds: SWEEP,
      seed: 1,
    });
    expect(specSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has the hash of what it says, not of how it was said', async () => {
    const { specSha256: hash } = await plan({ options: { seed: 7, hold_s: 1 } });
    expect((await plan({ options: { hold_s: 1, seed: 7 } })).specSha256).toBe(hash);
    for (const change of [{ seed: 2 }, { ids: ['1'] }, { threshold: 0.4 }, { sweep: null }, { options: { seed: 8 } }]) {
      expect((await plan({ options: { seed: 7, hold_s: 1 }, ...change })).specSha256).not.toBe(hash);
    }
  });
});

describe('the specification of a run with a threshold for each task', () => {
  it('names both, and leaves that of a run with one threshold alone', async () => {
    const one = await plan({ threshold: 0.3 });
    const same = await plan({ threshold: 0.3, intThreshold: 0.3 });
    const two = await plan({ threshold: 0.3, intThreshold: 0.7 });
    expect(one.spec).not.toHaveProperty('int_threshold');
    expect(same.specSha256).toBe(one.specSha256);
    expect(two.spec).toMatchObject({ threshold: 0.3, int_threshold: 0.7 });
    expect(two.specSha256).not.toBe(one.specSha256);
  });

  it('refuses what a model with thresholds of its own does not answer at', async () => {
    const model = sweepingModel('own.mjs');
    const asked = { model, thresholdsAsked: true, sweep: null };
    expect((await plan({ ...asked, threshold: 0.1, intThreshold: 0.9 })).spec).toMatchObject({
      threshold: 0.1,
      int_threshold: 0.9,
      sweep_thresholds: [0.1, 0.4, 0.9],
    });
    for (const point of [
      { threshold: 0.1, intThreshold: 0.5 },
      { threshold: 0.5, intThreshold: 0.1 },
    ]) {
      await expect(plan({ ...asked, ...point })).rejects.toThrow('does not answer at threshold 0.5');
    }
  });
});

describe('the specification of a run in real time', () => {
  it('says so, and leaves that of other runs alone', async () => {
    const [plain, untimed, timed] = [await plan(), await plan({ realtime: false }), await plan({ realtime: true })];
    expect(untimed.specSha256).toBe(plain.specSha256);
    expect(plain.spec).not.toHaveProperty('realtime');
    expect(timed.spec.realtime).toBe(true);
    expect(timed.specSha256).not.toBe(plain.specSha256);
  });
});

describe('the specification of an outside model', () => {
  it('changes with its code', async () => {
    const hashes = [];
    for (const step of ['return 0', 'return 1']) {
      writeTree(folder(), { [`${step}.mjs`]: modelSource(step) });
      hashes.push((await plan({ model: join(folder(), `${step}.mjs`) })).spec.model.code_sha256);
    }
    expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(hashes[0]).not.toBe(hashes[1]);
    expect((await plan()).spec.model.code_sha256).toBeNull();
  });
});

describe('the operating point', () => {
  it('is what was asked for, else what the model says, else a half', async () => {
    writeTree(folder(), { 'low.mjs': modelSource('return { pFloor: 0 }', 'defaultThreshold: 0.3') });
    const model = join(folder(), 'low.mjs');
    expect((await plan()).spec.threshold).toBe(0.5);
    expect((await plan({ model })).spec.threshold).toBe(0.3);
    expect((await plan({ model, threshold: 0.7 })).spec.threshold).toBe(0.7);
  });

  it('is one of the thresholds of a model that has its own, which are then the sweep', async () => {
    const model = sweepingModel('plain.mjs');
    expect((await plan({ model })).spec).toMatchObject({ threshold: 0.4, sweep_thresholds: [0.1, 0.4, 0.9] });
    expect((await plan({ model, threshold: 0.9 })).spec.threshold).toBe(0.9);
    expect((await plan({ model: sweepingModel('default.mjs', 'defaultThreshold: 0.1') })).spec.threshold).toBe(0.1);
    await expect(plan({ model, threshold: 0.5 })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer at threshold 0.5'),
      hint: 'it answers at 0.1, 0.4, 0.9',
    });
  });

  it('is not replaced without a word where a grid was asked for that the model does not answer', async () => {
    const model = sweepingModel('own.mjs');
    const asked = { model, thresholdsAsked: true };
    await expect(plan({ ...asked, sweep: [0.1, 0.3] })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer at the thresholds 0.3'),
    });
    expect((await plan({ ...asked, sweep: [0.1, 0.9] })).spec.sweep_thresholds).toEqual([0.1, 0.4, 0.9]);
    expect((await plan({ ...asked, sweep: UNIFORM_THRESHOLDS })).spec.sweep_thresholds).toEqual([0.1, 0.4, 0.9]);
  });

  it('does not exist for the oracle', async () => {
    const { spec, model } = await plan({ model: 'oracle' });
    expect(model).toBeNull();
    expect(spec).toMatchObject({ threshold: null, sweep_thresholds: null, model: { input_sample_rate_hz: null } });
    await expect(plan({ model: 'oracle', options: { x: 1 } })).rejects.toThrow("'oracle' has no options");
    await expect(plan({ model: 'oracle', thresholdsAsked: true })).rejects.toThrow("'oracle' has no threshold");
    await expect(plan({ model: 'oracle', realtime: true })).rejects.toThrow("'oracle' computes nothing");
  });
});
