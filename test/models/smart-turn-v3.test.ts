import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AudioSource } from '../../src/core/conversation.js';
import type { ModelOptions } from '../../src/core/model.js';
import { smartTurnV3 } from '../../src/models/smart-turn-v3.js';
import { Graph } from '../../src/onnx/graph.js';
import { checkCausality } from '../../src/stream/causality.js';
import { plainFeatures } from '../dsp/plain-features.js';
import { bothPasses, pass, speech } from './listening.js';
import { changes, STEP, stepWith, voice } from './smart-turn/drawn.js';
import {
  featureNetwork,
  graphFolder,
  lengthNetwork,
  loudnessVad,
  meanNetwork,
  sampleNetwork,
  WINDOW,
} from './smart-turn/stand-ins.js';

const write = graphFolder();
const VAD = write('vad', loudnessVad());
const LENGTH = write('length', lengthNetwork());

function load(model: string, options: ModelOptions = {}) {
  return smartTurnV3.loadModel({ model, vad_model: VAD, ...options });
}

/** Of these the ones that are not starts of speech. */
function evaluations(answers: readonly number[]): [number, number][] {
  return changes(answers).filter(([, p]) => p !== 1);
}

const silence = new Float32Array(600 * 512);

describe('smart-turn-v3 under the policy pipecat', () => {
  it('evaluates exactly the audio from 0.5 s before the speech to the end of the step', async () => {
    // chunks   |__ 40 __|## 20 ##|__ 10 __|## 12 ##|__ 108 __
    const model = await load(LENGTH);
    const audio = voice(['_', 40], ['#', 20], ['_', 10], ['#', 12], ['_', 108]);
    const turnStart = 40 * 512 - 8000;
    const shown = (chunk: number) => 1 - Math.fround((stepWith(chunk) - turnStart) / WINDOW);
    expect(changes(await pass(model, audio, silence))).toEqual([
      [stepWith(45), 1],
      [stepWith(65), shown(65)],
      [stepWith(75), 1],
      // 0.26 of the window is "incomplete", so the turn went on with its audio; 94 chunks later it is over.
      [stepWith(87), shown(87)],
      [stepWith(87 + 94), 0],
    ]);
    await model.close?.();
  });

  it('drops the audio of a turn that was complete, here because most of the window is filled', async () => {
    // chunks   |## 150 ##|__ 6 __|## 10 ##|__ 6 __      150 chunks are 4.8 s: more than half of the window
    const model = await load(LENGTH);
    const answers = changes(await pass(model, voice(['#', 150], ['_', 6], ['#', 10], ['_', 8]), silence));
    const over = 156 * 512;
    expect(answers).toEqual([
      [stepWith(5), 1],
      [stepWith(155), 1 - Math.fround(stepWith(155) / WINDOW)],
      [stepWith(161), 1],
      [stepWith(171), 1 - Math.fround((stepWith(171) - over) / WINDOW)],
    ]);
    const patient = await load(LENGTH, { completion_threshold: 0.7 });
    expect(patient.defaultThreshold).toBeCloseTo(0.3, 12);
    const kept = changes(await pass(patient, voice(['#', 150], ['_', 6], ['#', 10], ['_', 8]), silence));
    expect(kept.slice(0, 3)).toEqual(answers.slice(0, 3));
    expect(kept[3]).toEqual([stepWith(171), 1 - Math.fround(stepWith(171) / WINDOW)]);
    await model.close?.();
    await patient.close?.();
  });

  it('shows the newest sample last, the first of the turn where it belongs, zeros before, and 8 s at most', async () => {
    const short = voice(['_', 40], ['#', 20], ['_', 10]);
    const turnStart = 40 * 512 - 8000;
    const end = stepWith(65);
    const first = WINDOW - (end - turnStart);
    const long = voice(['#', 300], ['_', 10]);
    const longEnd = stepWith(305);
    for (const [audio, position, expected] of [
      [short, WINDOW - 1, short[end - 1]],
      [short, first, short[turnStart]],
      [short, first - 1, 0],
      [long, 0, long[longEnd - WINDOW]],
      [long, WINDOW - 1, long[longEnd - 1]],
    ] as const) {
      const model = await load(write(`sample-${position}`, sampleNetwork(position)));
      const answers = await pass(model, audio, silence);
      expect(answers[(audio === short ? end : longEnd) / STEP - 1]).toBe(1 - expected!);
      await model.close?.();
    }
  });

  it('computes the features of that window when the network wants features', async () => {
    // Real speech and the real VAD; never exactly 0, so that the length network tells where each window begins.
    const audio = speech()
      .subarray(0, 8 * 16_000)
      .map((sample) => sample + 1e-3);
    const options = { policy: 'turnbench', vad_stop_s: 0.2, repeat_every_s: 0 };
    const lengths = await smartTurnV3.loadModel({ ...options, model: LENGTH });
    const windows = evaluations(await pass(lengths, audio, silence)).slice(0, 2);
    await lengths.close?.();
    expect(windows).toHaveLength(2);
    const expected = windows.map(([end, p]) => plainFeatures(audio.subarray(end - Math.round((1 - p) * WINDOW), end)));
    for (const [mel, frame] of [
      [0, 799],
      [1, 790],
      [2, 640],
      [40, 700],
      [79, 798],
    ] as const) {
      const network = write(`feature-${mel}-${frame}`, featureNetwork(mel, frame));
      const model = await smartTurnV3.loadModel({ ...options, model: network });
      const answers = await pass(model, audio, silence);
      for (const [i, [end]] of windows.entries()) {
        expect(answers[end / STEP - 1]).toBeCloseTo(1 - (expected[i]![mel * 800 + frame]! + 4) / 8, 5);
      }
      await model.close?.();
    }
  });
});

describe('smart-turn-v3 under the policy turnbench', () => {
  it('scores a silence 63 times, each time what has come, and holds the last score', async () => {
    const model = await load(LENGTH, { policy: 'turnbench' });
    const audio = voice(['_', 40], ['#', 20], ['_', 200], ['#', 1], ['_', 40]);
    const turnStart = 40 * 512 - 3200;
    const scores = Array.from({ length: 63 }, (_, k) => {
      const end = stepWith(91 + k);
      return [end, 1 - Math.fround((end - turnStart) / WINDOW)];
    });
    const nextStart = 260 * 512 - 3200;
    expect(changes(await pass(model, audio, silence)).slice(0, 67)).toEqual([
      [stepWith(40), 1],
      ...scores,
      [stepWith(260), 1],
      ...[0, 1].map((k) => {
        const end = stepWith(292 + k);
        return [end, 1 - Math.fround((end - nextStart) / WINDOW)];
      }),
    ]);
    await model.close?.();
  });
});

describe('smart-turn-v3', () => {
  const audio = speech().subarray(0, 9 * 16_000);
  const backwards = audio.slice().reverse();

  for (const policy of ['pipecat', 'turnbench']) {
    it(`answers both passes at once as it answers them apart, to the bit, and forgets on reset (${policy})`, async () => {
      const model = await smartTurnV3.loadModel({ model: write('mean', meanNetwork()), policy, vad_stop_s: 0.2 });
      const apart = [await pass(model, audio, backwards), await pass(model, backwards, audio)];
      expect(new Set(apart.flat()).size).toBeGreaterThan(3);
      expect(await bothPasses(model, audio, backwards)).toEqual(apart);
      expect(await bothPasses(model, audio, backwards)).toEqual(apart);
      expect(await pass(model, audio, backwards)).toEqual(apart[0]);
      await model.close?.();
    });
  }

  it('does not look ahead', async () => {
    const start = audio.subarray(0, 5 * 16_000);
    for (const [name, network] of [
      ['mean', meanNetwork()],
      ['newest', sampleNetwork(WINDOW - 1)],
    ] as const) {
      const model = await smartTurnV3.loadModel({ model: write(name, network), policy: 'turnbench', vad_stop_s: 0.2 });
      const report = await checkCausality(model, conversation(start, backwards), { cuts: 3, seed: 3 });
      expect(report.violation).toBeUndefined();
      await model.close?.();
    }
  });

  it('records both networks, and the operating point as a threshold of P(floor)', async () => {
    const model = await load(LENGTH, { completion_threshold: 0.8 });
    expect(model.weights).toEqual(['length.onnx', 'vad.onnx'].map((file) => ({ file, sha256: expect.any(String) })));
    expect(model.defaultThreshold).toBe(1 - 0.8);
    await model.close?.();
  });

  it('says which options there are', () => {
    const options = Object.fromEntries(smartTurnV3.options.map(({ name, ...rest }) => [name, rest]));
    expect(options['policy']).toEqual({
      accepts: 'one of pipecat, turnbench',
      defaultValue: 'pipecat',
      meaning: 'whose rules of when to evaluate',
    });
    expect(options['vad_stop_s']!.meaning).toContain('(pipecat 0.2, turnbench 1)');
    expect(options['force_complete_s']!.accepts).toBe('a number ≥ 0 and ≤ 60 (s)');
  });
});

function conversation(speaker1: Float32Array, speaker2: Float32Array): AudioSource {
  return {
    sampleRateHz: 16_000,
    length: speaker1.length,
    open() {
      let position = 0;
      return {
        read(into) {
          const count = Math.min(into[1].length, speaker1.length - position);
          into[1].set(speaker1.subarray(position, position + count));
          into[2].set(speaker2.subarray(position, position + count));
          position += count;
          return count;
        },
        close() {},
      };
    },
  };
}

describe('a wrong file', () => {
  function graph(inputs: Record<string, readonly number[]>, output: string, shape: readonly number[]): Graph {
    const g = new Graph('wrong');
    const values = Object.entries(inputs).map(([name, size]) => g.input(name, 'float', size));
    g.output(output, g.add('ReduceMax', [values[0]!], { keepdims: 1 }), 'float', shape);
    return g;
  }

  it('is refused by its inputs and outputs, with those that are expected', async () => {
    await expect(load(VAD)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /has the inputs input, state, sr and the outputs output, stateN; expected input_features → logits or audio → prob/,
      ),
    });
    const features = { input_features: [1, 80, 800] };
    await expect(load(write('out', graph(features, 'p', [1, 1, 1])))).rejects.toThrow('outputs p; expected');
    const video = { ...features, pixel_values: [1, 3, 32, 112, 112] };
    await expect(load(write('video', graph(video, 'logits', [1, 1, 1])))).rejects.toMatchObject({
      hint: 'this is the network with video: use -m smart-turn-multimodal',
    });
  });

  it('is refused by the shape of its input', async () => {
    const whisper = write('whisper', graph({ input_features: [1, 80, 3000] }, 'logits', [1, 1, 1]));
    await expect(load(whisper)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/whisper\.onnx does not take input_features \[1,80,800\]: /),
      hint: expect.stringContaining('is it a Smart Turn v3 network?'),
    });
  });

  it('is refused when it does not answer one probability', async () => {
    const g = new Graph('logit');
    const x = g.input('audio', 'float', [1, WINDOW]);
    const sum = g.reshape(g.add('ReduceSum', [x], { keepdims: 1 }), [1, 1]);
    g.output('probability', g.add('Sub', [sum, g.scalar(3)]), 'float', [1, 1]);
    await expect(load(write('logit', g))).rejects.toMatchObject({
      message: 'logit.onnx answered -3 as probability, not one probability',
      hint: expect.stringContaining('sigmoid'),
    });
    const many = new Graph('many');
    many.output('logits', many.input('input_features', 'float', [1, 80, 800]), 'float', [1, 80, 800]);
    await expect(load(write('many', many))).rejects.toThrow('answered 64000 numbers as logits');
  });

  it('is refused when it is none, or half of one, or not there', async () => {
    const half = write('half', lengthNetwork());
    writeFileSync(half, 'not a model');
    await expect(load(half)).rejects.toThrow('half.onnx cannot be loaded as an ONNX model');
    await expect(load('missing.onnx')).rejects.toThrow('missing.onnx does not exist');
  });
});

describe('the published weights', () => {
  let cache: string;
  const before = process.env['TURNBENCH_CACHE'];

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'cache-'));
    process.env['TURNBENCH_CACHE'] = cache;
  });

  afterEach(() => {
    rmSync(cache, { recursive: true });
    if (before === undefined) delete process.env['TURNBENCH_CACHE'];
    else process.env['TURNBENCH_CACHE'] = before;
  });

  it('are a prerequisite, and the message says how to get them', async () => {
    await expect(smartTurnV3.loadModel({ version: '3.1-gpu' })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 5,
      message: 'the weights smart-turn-v3.1-gpu.onnx are not there',
      hint: expect.stringMatching(/turnbench models pull smart-turn-v3@3\.1-gpu.*put the file at .*-o model=PATH/),
    });
  });
});
