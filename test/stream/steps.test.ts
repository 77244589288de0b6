import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler } from '../../src/audio/resampler.js';
import { wholeSteps } from '../../src/core/time.js';
import { conversationSteps, openSteps, STEPS_PER_BLOCK } from '../../src/stream/steps.js';
import { firstDifference, memoryAudio, noise } from '../helpers/samples.js';

const rates = fc.constantFrom(8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000);

describe('openSteps', () => {
  it('delivers exactly the whole steps of the conversation, at any pair of rates', async () => {
    await fc.assert(
      fc.asyncProperty(rates, fc.constantFrom(8000, 16_000, 24_000), fc.nat(30_000), async (from, to, length) => {
        const audio = memoryAudio(from, new Float32Array(length), new Float32Array(length));
        const feed = await openSteps(audio, { inputSampleRate: to });
        let steps = 0;
        for (let count = await feed.next(); count > 0; count = await feed.next()) steps += count;
        await feed.close();

        expect(steps).toBe(wholeSteps(length, from));
        expect(steps).toBe(conversationSteps(audio));
      }),
      { numRuns: 40 },
    );
  });

  it('counts steps before resampling: 220 samples at 11 025 Hz round up to a step at 16 kHz and are none', async () => {
    const length = 220;
    expect(Math.ceil((length * 16_000) / 11_025)).toBe(320);

    const feed = await openSteps(memoryAudio(11_025, new Float32Array(length), new Float32Array(length)), {
      inputSampleRate: 16_000,
    });
    expect(await feed.next()).toBe(0);
  });

  it.each([8000, 44_100])(
    'gives step i the samples [i·n, (i+1)·n) of the audio at the rate of the model: %d',
    async (rate) => {
      const channels = { 1: noise(3 * rate, 1), 2: noise(3 * rate, 2) };
      const atModelRate = (samples: Float32Array) => {
        if (rate === 8000) return samples;
        const output = new Float32Array(24_000);
        new Resampler(rate, 8000).process(samples, output);
        return output;
      };
      const expected = { 1: atModelRate(channels[1]), 2: atModelRate(channels[2]) };
      const feed = await openSteps(memoryAudio(rate, channels[1], channels[2]), { inputSampleRate: 8000 });
      let step = 0;
      for (let count = await feed.next(); count > 0; count = await feed.next()) {
        for (let slot = 0; slot < count; slot++, step++) {
          for (const speaker of [1, 2] as const) {
            const view = feed.views[speaker][slot] as Float32Array;
            expect(firstDifference(view, expected[speaker].subarray(step * 160, (step + 1) * 160))).toBe(-1);
          }
        }
      }

      expect(step).toBe(150);
    },
  );

  it('reuses one buffer per step of a block and makes no others', async () => {
    const length = 5 * STEPS_PER_BLOCK * 160;
    const feed = await openSteps(memoryAudio(8000, new Float32Array(length), new Float32Array(length)), {
      inputSampleRate: 8000,
    });
    const views = [...feed.views[1], ...feed.views[2]];
    for (let count = await feed.next(); count > 0; count = await feed.next()) {
      expect([...feed.views[1], ...feed.views[2]].every((view, i) => view === views[i])).toBe(true);
    }

    expect(views.length).toBe(2 * STEPS_PER_BLOCK);
    expect(new Set(views.map((view) => view.buffer)).size).toBe(2);
  });

  it('says where the audio ends when it is shorter than it states', async () => {
    const audio = { ...memoryAudio(8000, new Float32Array(8400), new Float32Array(8400)), length: 16_000 };
    const feed = await openSteps(audio, { inputSampleRate: 8000 });
    await feed.next();

    expect(() => feed.next()).toThrow('the audio ends at 1.050 s, before its stated length');
  });

  it('refuses a rate whose steps are not whole samples', async () => {
    const audio = memoryAudio(8000, new Float32Array(8000), new Float32Array(8000));

    await expect(openSteps(audio, { inputSampleRate: 11_025 })).rejects.toThrow(
      'sample rate 11025 Hz is not a multiple of 50 Hz',
    );
  });
});
