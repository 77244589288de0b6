import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWav16 } from '../../src/audio/encode.js';
import { decodeFile } from '../../src/audio/open.js';
import { tempFile, wavBytes } from './wav-bytes.js';

describe('encodeWav16', () => {
  it('writes the 44-byte header and the samples, nothing else', () => {
    const channels = [Float32Array.of(0.5, -1), Float32Array.of(0, 1 / 32768)];

    expect(encodeWav16({ sampleRateHz: 24_000, channels })).toEqual(
      wavBytes({ channels: 2, rate: 24_000 }, Int16Array.of(16_384, 0, -32_768, 1)),
    );
  });

  it('rounds halves upwards and clips at full scale', () => {
    const lsb = 1 / 32_768;
    const samples = Float32Array.of(0.5 * lsb, -0.5 * lsb, 0.49 * lsb, 1, 1.5, -1.5, Number.POSITIVE_INFINITY);
    const bytes = encodeWav16({ sampleRateHz: 8000, channels: [samples] });

    expect([...new Int16Array(bytes.buffer, 44)]).toEqual([1, 0, 0, 32_767, 32_767, -32_768, 32_767]);
  });

  it('gives back every 16-bit sample to the bit', async () => {
    const every = Float32Array.from({ length: 65_536 }, (_, i) => (i - 32_768) / 32_768);
    const path = tempFile('every.wav', encodeWav16({ sampleRateHz: 16_000, channels: [every] }));

    expect((await decodeFile(path)).channels[0]).toEqual(every);
  });

  it('loses at most half a step of any sample in range', () => {
    fc.assert(
      fc.property(fc.float({ min: -1, max: 32_767 / 32_768, noNaN: true }), (sample) => {
        const bytes = encodeWav16({ sampleRateHz: 8000, channels: [Float32Array.of(sample)] });
        expect(Math.abs((new Int16Array(bytes.buffer, 44)[0] as number) / 32_768 - sample)).toBeLessThanOrEqual(
          2 ** -16,
        );
      }),
    );
  });

  it('refuses what no WAV can say', () => {
    const encode =
      (...channels: Float32Array[]) =>
      () =>
        encodeWav16({ sampleRateHz: 8000, channels });

    expect(encode()).toThrow('at least one channel');
    expect(encode(new Float32Array(2), new Float32Array(3))).toThrow('all of one length');
    expect(encode(Float32Array.of(0), Float32Array.of(Number.NaN))).toThrow('channel 2, sample 0 is not a number');
  });
});
