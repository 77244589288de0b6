import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel } from '../../../src/core/model.js';
import { smartTurnMultimodal } from '../../../src/models/smart-turn-multimodal.js';
import { smartTurnV3 } from '../../../src/models/smart-turn-v3.js';
import { pass } from '../listening.js';
import { voice } from './drawn.js';
import { graphFolder, lengthNetwork, loudnessVad, meanNetwork } from './stand-ins.js';

const write = graphFolder();
const VAD = write('vad', loudnessVad());
const JAVASCRIPT = undefined;
const NETWORK = { provider: 'cpu', threads: 1 };
const FEATURES = [
  ['features', '8 s from nothing', JAVASCRIPT],
  ['features', '8 s at a decision', JAVASCRIPT],
  ['features', 'one step of 20 ms as it comes', JAVASCRIPT],
];

function inference(shown: string) {
  return [
    ['inference', `one evaluation: ${shown}`, NETWORK],
    ['inference', 'VAD, one chunk of 512 samples (32 ms)', NETWORK],
  ];
}

function answers(shown: string) {
  return [
    ['decision', 'gate, one chunk (32 ms)', JAVASCRIPT],
    ['end-to-end', `one answer at a decision: ${shown}`, NETWORK],
    ['end-to-end', `one answer from nothing: ${shown}`, NETWORK],
  ];
}

async function parts(model: DiscriminativeModel) {
  const components = await model.components!();
  return components.map(({ kind, name, runsOn }) => [kind, name, runsOn]);
}

describe('the timed parts of a Smart Turn model', () => {
  it('are features, inference, gate and a whole answer; with frames where it sees', async () => {
    const heard = await smartTurnV3.loadModel({ model: write('heard', meanNetwork()), vad_model: VAD });
    const eight = '8 s of audio';
    expect(await parts(heard)).toEqual([...inference(eight), ...FEATURES, ...answers(eight)]);
    await heard.close?.();

    const seen = await smartTurnMultimodal.loadModel({ model: write('seen', meanNetwork(true)), vad_model: VAD });
    const both = '8 s of audio, 32 frames';
    const frames = [
      ['video', '32 frames of 112 × 112 from nothing, decoding not included', JAVASCRIPT],
      ['video', '32 frames at a decision', JAVASCRIPT],
      ['video', 'one frame as it comes, decoding not included', JAVASCRIPT],
    ];
    expect(await parts(seen)).toEqual([...inference(both), ...FEATURES, ...frames, ...answers(both)]);
    await seen.close?.();
  });

  it('have no features where those are inside the network', async () => {
    const model = await smartTurnV3.loadModel({ model: write('raw', lengthNetwork()), vad_model: VAD });
    const eight = '8 s of audio';
    expect(await parts(model)).toEqual([...inference(eight), ...answers(eight)]);
    await model.close?.();
  });

  it('run again and again, answer the same from nothing as at a decision, and leave passes as they were', async () => {
    for (const [adapter, network] of [
      [smartTurnV3, meanNetwork()],
      [smartTurnMultimodal, meanNetwork(true)],
    ] as const) {
      const model = await adapter.loadModel({ model: write('mean', network), vad_model: VAD });
      const audio = voice(['_', 40], ['#', 20], ['_', 20]);
      const before = await pass(model, audio, audio);
      const whole: unknown[] = [];
      for (let round = 0; round < 3; round++) {
        for (const { kind, run } of await model.components!()) {
          for (let i = 0; i < 3; i++) {
            const result = await run();
            if (kind === 'end-to-end') whole.push(result);
          }
        }
      }
      expect(whole).toHaveLength(18);
      expect(new Set(whole).size).toBe(1);
      expect(await pass(model, audio, audio)).toEqual(before);
      await model.close?.();
    }
  });
});
