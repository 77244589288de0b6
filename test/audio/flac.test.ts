import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audioHeader, decodeFile, openPair } from '../../src/audio/open.js';
import { firstDifference, readAll } from '../helpers/samples.js';
import { audioFixture, fixtureNoise, tempFile, wavBytes } from './wav-bytes.js';

/** The 16-bit fixture with other bytes. */
function edited(name: string, change: (bytes: Uint8Array) => Uint8Array): string {
  return tempFile(`${name}.flac`, change(new Uint8Array(readFileSync(audioFixture('noise-16bit.flac')))));
}

describe('samples', () => {
  it('are exactly those of a WAV with the same integers: 16 bits, read in several pieces', async () => {
    const noise = Int16Array.from(fixtureNoise(36_000, 16));
    const flac = await decodeFile(audioFixture('noise-16bit.flac'));
    const wav = await decodeFile(tempFile('same.wav', wavBytes({}, noise)));

    expect(flac.sampleRateHz).toBe(16_000);
    expect(flac.channels.length).toBe(1);
    expect(firstDifference(flac.channels[0] ?? [], wav.channels[0] ?? [])).toBe(-1);
  });

  it('are exact at 24 bits, in stereo', async () => {
    const noise = fixtureNoise(4000, 24).map((value) => value / 2 ** 23);
    const { channels } = await decodeFile(audioFixture('noise-24bit-stereo.flac'));

    expect([...(channels[0] as Float32Array)]).toEqual(noise.filter((_, i) => i % 2 === 0));
    expect([...(channels[1] as Float32Array)]).toEqual(noise.filter((_, i) => i % 2 === 1));
  });

  it('are exact at 8 bits, behind padding', async () => {
    const noise = fixtureNoise(500, 8).map((value) => value / 128);

    expect([...((await decodeFile(audioFixture('noise-8bit-padded.flac'))).channels[0] as Float32Array)]).toEqual(
      noise,
    );
  });

  it('do not depend on the size of the pieces, and come again when opened again', async () => {
    const noise = fixtureNoise(36_000, 16).map((value) => value / 2 ** 15);
    const path = audioFixture('noise-16bit.flac');
    const source = await openPair(path, path);

    for (const size of [320, 4097, 50_000]) {
      const got = await readAll(source, size);
      expect(firstDifference(got[1], noise), `pieces of ${size}`).toBe(-1);
      expect(firstDifference(got[2], noise), `pieces of ${size}`).toBe(-1);
    }
  });
});

describe('headers', () => {
  it('tell rate, channels and length without decoding', async () => {
    expect(await audioHeader(audioFixture('noise-24bit-stereo.flac'))).toEqual({
      format: 'flac',
      sampleRateHz: 48_000,
      channels: 2,
      length: 2000,
    });
  });

  // STREAMINFO begins at byte 8; 20 bits rate from byte 18 on, 3 bits channels - 1, 5 bits bits - 1, 36 bits length.
  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ['no length', (bytes) => bytes.fill(0, 22, 26), 'the FLAC header does not state the length, or there is no audio'],
    ['no rate', (bytes) => bytes.fill(0, 18, 21), 'the header states a sample rate of 0 Hz'],
    ['12 bits', (bytes) => bytes.fill(0x00, 20, 21).fill(0xb0, 21, 22), 'FLAC with 12-bit samples is not supported'],
    ['32 bits', (bytes) => bytes.fill(0x01, 20, 21).fill(0xf0, 21, 22), 'FLAC with 32-bit samples is not supported'],
    ['cut off', (bytes) => bytes.subarray(0, 30), 'truncated: the FLAC header is incomplete'],
  ])('are refused with a reason: %s', async (name, change, message) => {
    const path = edited(name, change);

    await expect(audioHeader(path)).rejects.toThrow(`${path}: ${message}`);
  });
});

describe('damage', () => {
  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    [
      'cut in the middle',
      (bytes) => bytes.subarray(0, 40_000),
      '16384 of 36000 samples can be decoded (1.024 of 2.250 s)',
    ],
    [
      'nothing after the header',
      (bytes) => bytes.subarray(0, 86),
      '0 of 36000 samples can be decoded (0.000 of 2.250 s)',
    ],
    ['zeros instead of frames', (bytes) => bytes.fill(0, 90), '0 of 36000 samples can be decoded (0.000 of 2.250 s)'],
    [
      'a changed byte',
      (bytes) => bytes.fill(0x55, 30_000, 30_001),
      '12288 of 36000 samples can be decoded (0.768 of 2.250 s)',
    ],
  ])('is found and counted: %s', async (name, change, message) => {
    const path = edited(name, change);

    await expect(decodeFile(path)).rejects.toThrow(`${path}: truncated or damaged: only ${message}`);
  });

  it('of the length is found before memory is reserved for it', async () => {
    const path = edited('long', (bytes) => bytes.fill(0xff, 22, 26));
    await expect(decodeFile(path)).rejects.toThrow(/states \d{10} samples, more than a file of 72191 bytes can hold/);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['channels', (bytes) => bytes.fill(0x02, 20, 21)],
    ['rate', (bytes) => bytes.fill(0x04, 18, 19)],
    ['bits', (bytes) => bytes.fill(0x01, 20, 21).fill(0x70, 21, 22)],
  ])('of the header is found when it does not match the frames: %s', async (name, change) => {
    const path = edited(`other ${name}`, change);

    await expect(decodeFile(path)).rejects.toThrow(`${path}: cannot be decoded after 0.000 s: its frames do not match`);
  });
});
