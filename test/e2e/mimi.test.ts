/** The Mimi endpointer through the binary, at the size of its small reference model. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMimiEndpointer } from '../../src/models/mimi/build.js';
import { bytesInMemory } from '../../src/onnx/byte-source.js';
import { readZip } from '../../src/onnx/zip.js';
import { onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { tinyDataset } from '../helpers/tiny-world.js';
import { type HubServer, startHub } from '../io/hub-server.js';
import { FIXTURES, TINY } from '../models/mimi/tiny.js';

const place = workplace();
const [mimi, checkpoint] = [`${FIXTURES}/mimi.safetensors`, `${FIXTURES}/checkpoint.pt`];
let hub: HubServer;

beforeAll(async () => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
  await buildMimiEndpointer({ mimi, checkpoint, constants: TINY, folder: join(place.folder, 'networks') });
  hub = await startHub({
    'kyutai/moshiko-pytorch-bf16': { 'tokenizer-e351c8d8-checkpoint125.safetensors': readFileSync(mimi) },
    'viks66/mimi-endpointer': { 'checkpoint.pt': readFileSync(checkpoint) },
  });
});

afterAll(() => hub.close());

const MODEL = ['-m', 'mimi-endpointer', '-o', 'model=networks', '-d', 'tiny'];

describe('mimi-endpointer', () => {
  it('is evaluated, with tracks that say what every pass heard and answered', async () => {
    const { code, stderr } = await place.run(['eval', ...MODEL, '--tracks', '-q', '--ids', '2', '--out', 'out']);
    expect([code, stderr]).toEqual([0, '']);
    const run = onlyRun(join(place.folder, 'out'));
    expect(run.header.operating_threshold).toBe(0.1);
    expect(run.header.spec.model.weights.map(({ file }) => file)).toContain('encoder.onnx');
    expect(run.header.environment.onnxruntime).toMatch(/^\d+\.\d+/);
    for (const speaker of [1, 2]) {
      const picture = run.read(`tracks/2_speaker_${speaker}.svg`);
      expect(picture).toContain(`conversation 2, speaker ${speaker} as subject`);
      expect(picture).toContain('user_end');
      const bytes = new Uint8Array(readFileSync(join(run.path, `tracks/2_speaker_${speaker}.npz`)));
      const arrays = readZip(bytesInMemory('tracks.npz', bytes));
      const names = ['subj', 'other', 'floor', 'probs', 'threshold', 'sr', 'frame_rate'];
      expect(arrays.names).toEqual(names.map((name) => `${name}.npy`));
      // 6 s: 300 steps of 5 classes, header 128 bytes.
      expect(arrays.size('probs.npy')).toBe(128 + 300 * 5 * 4);
    }
  });

  it('writes no arrays without --tracks', async () => {
    await place.run(['eval', ...MODEL, '-q', '--ids', '1', '--out', 'plain']);
    expect(onlyRun(join(place.folder, 'plain')).files).not.toContain('tracks');
  });

  it('passes check-causality', async () => {
    const { code, stdout } = await place.run(['check-causality', ...MODEL, '--ids', '1', '--cuts', '3']);
    expect(stdout).toMatch(/^ok: /);
    expect(code).toBe(0);
  });
});

describe('turnbench models', () => {
  it('pulls the weights, says their licence and what comes next', async () => {
    const environment = { HF_ENDPOINT: hub.endpoint };
    const { code, stderr, stdout } = await place.run(['models', 'pull', 'mimi-endpointer'], environment);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Mimi codec (Kyutai): tokenizer-e351c8d8-checkpoint125.safetensors from kyutai/');
    expect(stderr).toContain('licence cc-by-4.0');
    expect(stderr).toContain('next: turnbench models build mimi-endpointer');
  });

  it('builds nothing from a codec of another size', async () => {
    const sources = ['--mimi', resolve(mimi), '--checkpoint', resolve(checkpoint)];
    const { code, stderr } = await place.run(['models', 'build', 'mimi-endpointer', ...sources]);
    expect(code).toBe(2);
    expect(stderr).toContain('codec of width 32; the published Mimi has 512');
  });

  it('says what is missing before a build', async () => {
    const cache = { TURNBENCH_CACHE: join(place.folder, 'empty') };
    const { code, stderr } = await place.run(['models', 'build', 'mimi-endpointer'], cache);
    expect(code).toBe(5);
    expect(stderr).toContain("run 'turnbench models pull mimi-endpointer' first");
  });
});
