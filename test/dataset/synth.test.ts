import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/audio/open.js';
import type { Segment } from '../../src/core/conversation.js';
import { Prng } from '../../src/core/prng.js';
import { SPEAKERS } from '../../src/core/speaker.js';
import { openDirectory } from '../../src/dataset/directory.js';
import { type SynthOptions, synthesize } from '../../src/dataset/synth.js';
import { drawTurns } from '../../src/dataset/synth-turns.js';
import { buildGold } from '../../src/gold/build.js';

let root = '';
let folders = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'synth-'));
});

afterAll(() => rm(root, { recursive: true }));

async function synth(options: Partial<SynthOptions> = {}): Promise<string> {
  const folder = join(root, String(folders++));
  await synthesize(folder, { conversations: 2, minutes: 0.5, sampleRateHz: 8000, ...options });
  return folder;
}

describe('a generated data set', () => {
  it('opens without a warning, with the length and the rate that were asked for', async () => {
    const dataset = await openDirectory(await synth({ minutes: 0.501 }));
    const { audio, durationS } = await dataset.open('2');

    expect(dataset.warnings).toEqual([]);
    expect(dataset.ids).toEqual(['1', '2']);
    expect(durationS).toBe(30.06);
    expect(audio).toMatchObject({ sampleRateHz: 8000, length: 240_480 });
  });

  it('has the same bytes for the same options, and others for another seed', async () => {
    const [one, same, other] = [await synth(), await synth(), await synth({ seed: 2 })];
    const files = (await readdir(one, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

    expect(files).toHaveLength(1 + 2 * 4);
    for (const { name, parentPath } of files) {
      const path = join(parentPath, name).slice(one.length);
      const bytes = await readFile(join(one, path));
      expect((await readFile(join(same, path))).equals(bytes), path).toBe(true);
      if (name !== 'metadata.json') expect((await readFile(join(other, path))).equals(bytes), path).toBe(false);
    }
  });

  it('has speech inside its segments and the noise floor outside', async () => {
    const folder = await synth({ conversations: 1, minutes: 0.4 });
    const { annotations } = await (await openDirectory(folder)).open('1');
    for (const speaker of SPEAKERS) {
      const [samples = new Float32Array()] = (await decodeFile(join(folder, '1', `speaker_${speaker}_audio.wav`)))
        .channels;
      let silentFrom = 0;
      for (const { startS, endS } of annotations?.[speaker][0]?.segments ?? []) {
        const [start, end] = [Math.round(startS * 8000), Math.round(endS * 8000)];
        expect(loudest(samples.subarray(silentFrom, start))).toBeLessThan(0.002);
        for (let i = start; i + 160 <= end; i += 160)
          expect(loudest(samples.subarray(i, i + 160))).toBeGreaterThan(0.02);
        silentFrom = end;
      }
      expect(loudest(samples.subarray(silentFrom))).toBeLessThan(0.002);
    }
  });

  it('has the same audio in one stereo file as in two mono files', async () => {
    const options = { conversations: 1, minutes: 0.4 };
    const [mono, stereo] = [await synth(options), await synth({ ...options, format: 'stereo' })];
    const { channels } = await decodeFile(join(stereo, '1', 'combined_audio.wav'));

    for (const speaker of SPEAKERS) {
      const [samples] = (await decodeFile(join(mono, '1', `speaker_${speaker}_audio.wav`))).channels;
      expect(bytesOf(samples).equals(bytesOf(channels[speaker - 1]))).toBe(true);
    }
  });

  it('can do without audio and still be scored', async () => {
    const folder = await synth({ conversations: 1, minutes: 12, format: 'none' });
    const { annotations, audio, durationS } = await (await openDirectory(folder)).open('1');
    if (!annotations) throw new Error('no annotations');
    const gold = buildGold(annotations);

    expect([audio, durationS]).toEqual([undefined, 720]);
    expect(gold.eot.positives.length).toBeGreaterThan(60);
    expect(gold.eot.negatives.length).toBeGreaterThan(60);
    expect(gold.int.positives.length).toBeGreaterThan(3);
    expect(gold.int.negatives.length).toBeGreaterThan(10);
    expect([...gold.eot.excluded, ...gold.int.excluded]).toEqual([]);
  });

  it('is refused when the options make no sense or the folder is not empty', async () => {
    await expect(synth({ conversations: 0 })).rejects.toThrow('cannot generate 0 conversations');
    await expect(synth({ minutes: Number.NaN })).rejects.toThrow('of NaN minutes');
    await expect(synth({ sampleRateHz: 11_025 })).rejects.toThrow('multiple of 50');
    await expect(synth({ minutes: 60 * 24, sampleRateHz: 48_000 })).rejects.toThrow('do not fit into a WAV');
    await writeFile(join(root, 'taken'), '');
    await expect(synthesize(root, { conversations: 1, minutes: 1 })).rejects.toThrow('is not empty');
  });
});

describe('generated turns', () => {
  it('never let one speaker say two things at once, at any seed', () => {
    for (let seed = 0; seed < 200; seed++) {
      const turns = drawTurns(120, new Prng(seed));
      for (const speaker of SPEAKERS) {
        const own: readonly Segment[] = turns[speaker];
        const gaps = own.map(({ startS }, i) => startS - (own[i - 1]?.endS ?? 0));
        const lengths = own.map(({ startS, endS }) => endS - startS);
        expect(Math.min(...gaps)).toBeGreaterThan(0.05);
        expect(Math.min(...lengths)).toBeGreaterThan(0.2);
        expect(own.at(-1)?.endS).toBeLessThanOrEqual(119.5);
      }
    }
  });
});

function bytesOf(samples: Float32Array = new Float32Array()): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

function loudest(samples: Float32Array): number {
  return samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
}
