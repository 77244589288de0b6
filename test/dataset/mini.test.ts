import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/audio/open.js';
import { UserError } from '../../src/core/errors.js';
import { SPEAKERS } from '../../src/core/speaker.js';
import { openDirectory } from '../../src/dataset/directory.js';
import { materializeMini, miniHashes } from '../../src/dataset/mini.js';
import { damagedFiles, isIntact } from '../../src/dataset/mini-cache.js';
import { miniTimelines } from './mini-files.js';

/** −60 dBFS. */
const NOISE_RMS = 0.001;

let cache = '';
let folder = '';

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'mini-'));
  folder = await materializeMini(join(cache, 'not', 'there', 'yet'));
});

afterAll(() => rm(cache, { recursive: true }));

describe('assembling the bundled data set', () => {
  it('gives exactly the committed bytes, and nothing else', async () => {
    const hashes = await miniHashes();
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

    expect(await damagedFiles(folder, hashes)).toEqual([]);
    expect(Object.keys(hashes)).toHaveLength(2 + 6 * (2 + 6 + 1));
    expect(files.map(({ name }) => name).filter((name) => !name.startsWith('.'))).toHaveLength(56);
    expect(await readdir(join(folder, '..'))).toEqual([basename(folder)]);
  });

  it('is a data set that opens without a warning', async () => {
    const dataset = await openDirectory(folder);
    const conversations = await Promise.all(dataset.ids.map((id) => dataset.open(id)));

    expect(dataset.warnings).toEqual([]);
    expect(dataset.info).toMatchObject({ name: 'mini', language: 'en' });
    expect(dataset.ids).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(conversations.map(({ tags }) => tags['conversation_type'])).toEqual([
      ...['Argumentative', 'Casual', 'Collaborative', 'Instructional', 'Narrative', 'Task-oriented'],
    ]);
    expect(conversations.map(({ audio }) => audio?.sampleRateHz)).toEqual(Array(6).fill(16_000));
  });

  it('has speech where the time-line says and only there', async () => {
    for (const { conversation_id: id, crosstalk, duration_s, events } of await miniTimelines()) {
      for (const speaker of SPEAKERS) {
        const { sampleRateHz, channels } = await decodeFile(join(folder, id, `speaker_${speaker}_audio.wav`));
        const [samples = new Float32Array()] = channels;
        const rmsBetween = (startS: number, endS: number) =>
          rms(samples.subarray(Math.round(startS * sampleRateHz), Math.round(endS * sampleRateHz)));
        expect(samples.length).toBe(duration_s * sampleRateHz);

        let silentFromS = 0;
        for (const { start_s, end_s, gain } of events.filter((event) => event.speaker === speaker)) {
          // 0.055 is the loudness of the bank; a part that breaks off may be a little louder or quieter.
          expect(rmsBetween(start_s, end_s) / gain).toBeGreaterThan(0.045);
          expect(rmsBetween(start_s, end_s) / gain).toBeLessThan(0.065);
          expect(rmsBetween(start_s, start_s + 0.05)).toBeGreaterThan(1.5 * NOISE_RMS);
          expect(rmsBetween(end_s - 0.1, end_s)).toBeGreaterThan(1.5 * NOISE_RMS);
          if (crosstalk === 0) expectNoiseFloor(rmsBetween(silentFromS, start_s));
          silentFromS = end_s;
        }
        if (crosstalk === 0) expectNoiseFloor(rmsBetween(silentFromS, duration_s));
      }
    }
  });
});

describe('the cache of the bundled data set', () => {
  const again = () => materializeMini(join(cache, 'not', 'there', 'yet'));

  it('is used as it is the second time', async () => {
    const before = await stat(folder);

    expect(await again()).toBe(folder);
    expect((await stat(folder)).ino).toBe(before.ino);
  });

  it('is not assembled again because a file was touched', async () => {
    const before = await stat(folder);
    await utimes(join(folder, 'dataset.json'), 1, 1);

    expect(await again()).toBe(folder);
    expect((await stat(folder)).ino).toBe(before.ino);
  });

  it('notices a file that grew, vanished, or changed without changing its size', async () => {
    const hashes = await miniHashes();
    const wav = join(folder, '3', 'speaker_1_audio.wav');
    const srt = join(folder, '4', 'speaker_2_annotation_c.srt');
    const content = await readFile(srt);

    await appendFile(srt, ' ');
    expect(await isIntact(folder, hashes)).toBe(false);
    await rm(srt);
    expect(await isIntact(folder, hashes)).toBe(false);
    await writeFile(srt, content);
    expect(await isIntact(folder, hashes)).toBe(true);

    await flipByte(wav, 500_000);
    expect(await isIntact(folder, hashes)).toBe(false);
  });

  it('is mended when it is damaged, also by several at once', async () => {
    await flipByte(join(folder, '5', 'speaker_2_audio.wav'), 99);
    const folders = await Promise.all([again(), again()]);

    expect(folders).toEqual([folder, folder]);
    expect(await damagedFiles(folder, await miniHashes())).toEqual([]);
    expect(await readdir(join(folder, '..'))).toEqual([basename(folder)]);
  });

  it('says so when it cannot be written', async () => {
    const blocked = join(cache, 'file');
    await writeFile(blocked, '');
    await expect(materializeMini(join(blocked, 'below'))).rejects.toThrow(UserError);
  });
});

function expectNoiseFloor(level: number): void {
  expect(level).toBeGreaterThan(0.95 * NOISE_RMS);
  expect(level).toBeLessThan(1.05 * NOISE_RMS);
}

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

async function flipByte(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position);
  await file.write(Buffer.of((buffer[0] ?? 0) ^ 0x55), 0, 1, position);
  await file.close();
}
