import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioHistory } from '../../src/dsp/audio-history.js';

describe('AudioHistory', () => {
  it('has every sample it promises to keep, however they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 40 }), (pieces) => {
        const audio = new AudioHistory(10);
        const heard: number[] = [];
        for (const piece of pieces) {
          const samples = Float32Array.from({ length: piece }, (_, i) => heard.length + i);
          audio.push(samples);
          samples.fill(-1);
          for (let i = 0; i < piece; i++) heard.push(heard.length);
          expect(audio.end).toBe(heard.length);
          const from = Math.max(0, heard.length - 10);
          expect([...audio.view(from, heard.length)]).toEqual(heard.slice(from));
        }
      }),
    );
  });

  it('says what it has not, and begins anew', () => {
    const audio = new AudioHistory(4);
    audio.push(Float32Array.of(1, 2, 3));
    audio.push(Float32Array.of(4, 5, 6));
    expect([...audio.view(3, 5)]).toEqual([4, 5]);
    expect(() => audio.view(1, 5)).toThrow('no samples 1 to 5: 6 were heard, 4 are kept');
    expect(() => audio.view(3, 7)).toThrow('no samples 3 to 7');
    audio.reset();
    expect(audio.end).toBe(0);
    expect(() => audio.view(0, 1)).toThrow();
  });
});
