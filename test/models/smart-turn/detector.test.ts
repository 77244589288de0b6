import { describe, expect, it } from 'vitest';
import type { SileroChunks } from '../../../src/models/silero-chunks.js';
import { type TurnEvaluator, turnDetector } from '../../../src/models/smart-turn/detector.js';
import type { GateSettings } from '../../../src/models/smart-turn/gate.js';

const SETTINGS: GateSettings = {
  vadThreshold: 0.5,
  start: 1,
  stop: 1,
  preSpeechSamples: 0,
  repeatEvery: 0,
  repeatFor: 0,
  force: 0,
  keepIncomplete: false,
  completionThreshold: 0.5,
};

/** Speech where the first sample is 1; every step is a chunk of the VAD. */
const vad = {
  reset() {},
  push: async ([channel]: readonly Float32Array[]) => Float32Array.of(channel![0]!),
} as unknown as SileroChunks;

const SPEECH = [Float32Array.of(1)];
const SILENCE = [Float32Array.of(0)];

describe('an evaluation of a pass that was given up', () => {
  it('does not reach the next pass', async () => {
    let answer: (p: number) => void = () => {};
    const evaluator: TurnEvaluator = {
      reset() {},
      push() {},
      prepare() {},
      evaluate: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    };
    const detector = turnDetector(vad, evaluator, 1, SETTINGS);
    await detector.step(SPEECH);
    const late = detector.step(SILENCE);
    // The VAD has answered, the evaluation is under way.
    await new Promise((resolve) => setImmediate(resolve));
    detector.reset();
    expect(Array.from(await detector.step(SPEECH))).toEqual([1]);
    answer(0.9);
    await late;
    expect(Array.from(await detector.step(SPEECH))).toEqual([1]);
  });
});
