import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/core/prng.js';
import { SileroChunks } from '../../src/models/silero-chunks.js';
import { SileroNetwork, type SileroRows } from '../../src/models/silero-network.js';
import { SILERO_WEIGHTS, sileroVad, sileroVad500ms } from '../../src/models/silero-vad.js';
import { bundledWeights } from '../../src/models/weights.js';
import { createSession } from '../../src/onnx/session.js';
import { bothPasses, pass, speech } from './listening.js';

// Probabilities per 512-sample chunk of the original PyTorch network (v6.2), last chunk padded with zeros.
const golden = JSON.parse(readFileSync(new URL('../fixtures/silero/silero-probs.json', import.meta.url), 'utf8'));
const probabilities: readonly number[] = golden.probs;

const audio = speech();
const backwards = audio.slice().reverse();

describe('SileroChunks', () => {
  it('gives the probabilities of the original network, whatever the pieces', async () => {
    const session = await createSession(
      await bundledWeights({ file: 'silero_vad_v6.onnx', sha256: golden.onnx_sha256 }),
    );
    const chunks = new SileroChunks(new SileroNetwork(session), 1);
    const padded = new Float32Array(probabilities.length * 512);
    padded.set(audio);
    for (const piece of [512, 320, 100]) {
      chunks.reset();
      const found: number[] = [];
      for (let at = 0; at < padded.length; at += piece) {
        const due = chunks.push([padded.subarray(at, at + piece)]);
        if (due) found.push((await due)[0]!);
      }
      expect(found.length).toBe(probabilities.length);
      expect(largestDifference(found, probabilities)).toBeLessThan(1e-5);
    }
    await session.release();
  });
});

describe('SileroNetwork', () => {
  it('answers a row the same, to the bit, whatever rows are beside it', async () => {
    const session = await createSession(await bundledWeights(SILERO_WEIGHTS));
    const prng = new Prng(7);
    const random = (length: number) => Float32Array.from({ length }, () => prng.between(-0.3, 0.3));
    const rowsOf = (rows: number): SileroRows => ({
      rows,
      input: random(rows * 576),
      state: random(rows * 256),
      probability: new Float32Array(rows),
    });
    for (const companies of [[1], [2], [1, 1], [2, 1, 2], [16], [2, 2, 2, 2, 2, 2, 2], [33], [64], [2, 64]]) {
      const together = new SileroNetwork(session);
      for (const _ of companies) together.join();
      const asked = companies.map(rowsOf);
      const alone = asked.map((one) => ({ ...one, state: one.state.slice(), probability: one.probability.slice() }));
      await Promise.all(asked.map((one) => together.infer(one)));
      for (const [i, one] of alone.entries()) {
        for (let row = 0; row < one.rows; row++) {
          const single: SileroRows = {
            rows: 1,
            input: one.input.slice(row * 576, (row + 1) * 576),
            state: one.state.slice(row * 256, (row + 1) * 256),
            probability: new Float32Array(1),
          };
          await new SileroNetwork(session).infer(single);
          expect(asked[i]!.probability[row]).toBe(single.probability[0]);
          expect(asked[i]!.state.subarray(row * 256, (row + 1) * 256)).toEqual(single.state);
        }
      }
    }
    await session.release();
  });
});

describe('silero-vad', () => {
  it('gives in lanes what it gives alone, however they are interleaved', async () => {
    const model = await sileroVad.loadModel({ min_silence_s: 0.2 });
    const pieces = [audio, backwards, audio.subarray(8000), backwards.subarray(20_000)];
    const alone: number[][] = [];
    for (const piece of pieces) alone.push(await pass(model, piece, backwards));
    const lanes = [model, ...[1, 2, 3].map(() => model.lanes!.open())];
    expect(await Promise.all(lanes.map((lane, i) => pass(lane, pieces[i]!, backwards)))).toEqual(alone);
    await model.close?.();
  });

  it('answers each chunk on the step in which its last sample arrives and holds it until the next', async () => {
    const model = await sileroVad.loadModel({});
    const p = await pass(model, audio, backwards);
    // step:   |0  320|320  640|640  960|960  1280|1280 1600| …
    // chunk:  |0        512|512         1024|1024        1536| …      so steps 1, 3, 4, 6, 7, 9 … bring news
    const expected = p.map((_, step) => {
      const complete = Math.floor(((step + 1) * 320) / 512);
      return complete === 0 ? 0 : probabilities[complete - 1]!;
    });
    expect(p[0]).toBe(0);
    expect(largestDifference(p, expected)).toBeLessThan(1e-5);
    expect(new Set(p).size).toBeGreaterThan(500);
  });

  it('offers the inference of one chunk for timing, which leaves passes alone', async () => {
    const model = await sileroVad.loadModel({ threads: 2 });
    const before = await pass(model, audio.subarray(0, 32_000), backwards);
    const [component, ...others] = await model.components!();
    expect(others).toEqual([]);
    expect(component).toMatchObject({ kind: 'inference', audioS: 0.032, runsOn: { provider: 'cpu', threads: 2 } });
    for (let i = 0; i < 3; i++) expect(await component!.run()).toBeInstanceOf(Float32Array);
    expect(await pass(model, audio.subarray(0, 32_000), backwards)).toEqual(before);
  });

  it('answers at once when no chunk is due, and with a promise when one is', async () => {
    const model = await sileroVad.loadModel({});
    model.reset();
    const kinds: string[] = [];
    for (let step = 0; step < 8; step++) {
      const answer = model.stepBoth!(audio.subarray(0, 320), audio.subarray(0, 320));
      kinds.push(answer instanceof Promise ? 'infer' : 'hold');
      await answer;
    }
    expect(kinds).toEqual(['hold', 'infer', 'hold', 'infer', 'infer', 'hold', 'infer', 'infer']);
  });

  it('answers both passes at once as it answers them apart, to the bit, and forgets on reset', async () => {
    const model = await sileroVad.loadModel({ min_silence_s: 0.2 });
    const apart = [await pass(model, audio, backwards), await pass(model, backwards, audio)];
    expect(await bothPasses(model, audio, backwards)).toEqual(apart);
    expect(await bothPasses(model, audio, backwards)).toEqual(apart);
    expect(await pass(model, audio, backwards)).toEqual(apart[0]);
  });

  it('does not look ahead', async () => {
    const model = await sileroVad.loadModel({});
    const whole = await pass(model, audio, backwards);
    const prng = new Prng(3);
    for (const cut of [77, 500]) {
      const changed = audio.map((sample, i) => (i < cut * 320 ? sample : prng.between(-0.3, 0.3)));
      const p = await pass(model, changed, backwards);
      expect(p.slice(0, cut)).toEqual(whole.slice(0, cut));
      expect(p.slice(cut)).not.toEqual(whole.slice(cut));
    }
  });

  it('smooths whole chunks in audio time: 0.5 s of silence are 16 of them', async () => {
    const plain = await pass(await sileroVad.loadModel({}), audio, audio);
    const smoothed = await pass(await sileroVad500ms.loadModel({}), audio, audio);
    expect(await pass(await sileroVad.loadModel({ min_silence_s: 0.5 }), audio, audio)).toEqual(smoothed);
    // Sliding maximum over the 16 newest chunks, read off at the step that ends a chunk.
    for (let chunk = 15; chunk < 600; chunk += 13) {
      const newest = Array.from({ length: 16 }, (_, back) => plain[stepOf(chunk - back)]!);
      expect(smoothed[stepOf(chunk)]).toBe(Math.max(...newest));
    }
  });

  it('records its operating point and its weights', async () => {
    const model = await sileroVad.loadModel({ threshold: 0.6 });
    expect(model.defaultThreshold).toBe(0.6);
    expect(model.weights).toEqual([{ file: 'silero_vad_v6.onnx', sha256: golden.onnx_sha256 }]);
  });

  it('takes another file without checking it, and records that', async () => {
    const other = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v5.onnx');
    const model = await sileroVad.loadModel({ model: other });
    expect(model.weights).toEqual([
      { file: 'silero_vad_v5.onnx', sha256: '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f' },
    ]);
    const p = await pass(model, audio.subarray(0, 16_000), audio.subarray(0, 16_000));
    expect(Math.max(...p)).toBeGreaterThan(0.5);
  });

  it('refuses a file with another interface, naming both', async () => {
    const legacy = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_legacy.onnx');
    await expect(sileroVad.loadModel({ model: legacy })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('has the inputs input, sr, h, c; expected input, state, sr'),
    });
    await expect(sileroVad.loadModel({ model: 'missing.onnx' })).rejects.toThrow('missing.onnx does not exist');
  });
});

describe('bundled weights', () => {
  it('are a prerequisite when they are missing', async () => {
    await expect(bundledWeights({ file: 'missing.onnx', sha256: '' })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 5,
      hint: expect.stringContaining('npm run build'),
    });
  });

  it('are refused when their content is another', async () => {
    const expected = 'f'.repeat(64);
    await expect(bundledWeights({ file: 'silero_vad_v6.onnx', sha256: expected })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      message: `the weights assets/silero_vad_v6.onnx have SHA-256 ${golden.onnx_sha256}, expected ${expected}`,
    });
  });
});

/** The step in which the last sample of a chunk arrives. */
function stepOf(chunk: number): number {
  return Math.ceil(((chunk + 1) * 512) / 320) - 1;
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}
