import { describe, expect, it } from 'vitest';
import { resampled } from '../../src/audio/resampled.js';
import { Resampler } from '../../src/audio/resampler.js';
import { firstDifference, memoryAudio, noise, readAll } from '../helpers/samples.js';

describe('resampled', () => {
  it('is the source itself at its own rate', () => {
    const source = memoryAudio(16_000, noise(100, 1), noise(100, 2));

    expect(resampled(source, 16_000)).toBe(source);
  });

  it.each([
    [48_000, 16_000],
    [11_025, 24_000],
    [8000, 44_100],
  ])('gives each channel as its resampler would, in pieces of any size: %d → %d', async (from, to) => {
    const length = 2 * from + 77;
    const channels = { 1: noise(length, 1), 2: noise(length, 2) };
    const target = resampled(memoryAudio(from, channels[1], channels[2], { asynchronous: true }), to);
    expect(target).toMatchObject({ sampleRateHz: to, length: Math.ceil((length * to) / from) });

    for (const size of [to / 50, 1001, 5 * to]) {
      const got = await readAll(target, size);
      for (const speaker of [1, 2] as const) {
        const expected = new Float32Array(target.length);
        new Resampler(from, to).process(channels[speaker], expected);
        expect(firstDifference(got[speaker], expected), `pieces of ${size}, speaker ${speaker}`).toBe(-1);
      }
    }
  });

  it('ends where a source ends that is shorter than it says', async () => {
    const source = { ...memoryAudio(48_000, noise(4800, 1), noise(4800, 2)), length: 9600 };

    expect((await readAll(resampled(source, 16_000), 320))[1].length).toBeLessThanOrEqual(1600);
  });
});
