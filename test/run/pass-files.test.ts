import { describe, expect, it } from 'vitest';
import { passArrays, passFileName } from '../../src/run/pass-files.js';

describe('passArrays', () => {
  it('names and shapes them as the debug files of the authors do', () => {
    const trace = {
      sampleRateHz: 24_000,
      subject: new Float32Array(960),
      other: new Float32Array(960),
      classes: ['bos', 'system_end', 'user_end', 'system', 'user'],
      probabilities: new Float32Array(10),
      pFloor: Float64Array.of(0.1, 0.11),
    };
    const arrays = passArrays(trace, 0.1);
    expect(Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))).toEqual({
      ...{ subj: [960], other: [960], floor: [2], probs: [2, 5] },
      ...{ threshold: [], sr: [], frame_rate: [] },
    });
    expect([...arrays['floor']!.data]).toEqual([0, 1]);
    expect([arrays['threshold']!.data[0], arrays['sr']!.data[0], arrays['frame_rate']!.data[0]]).toEqual([
      0.1, 24_000, 50,
    ]);
  });
});

describe('passFileName', () => {
  it('carries the conversation and the subject, and stays in its folder', () => {
    expect(passFileName('20', 2)).toBe('20_speaker_2');
    expect(passFileName('../a b/ü', 1)).toBe('.._a_b__04369f8f_speaker_1');
  });
});
