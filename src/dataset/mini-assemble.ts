/** The bundled files -> a data-set folder with audio. */

import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeFile } from '../audio/open.js';
import { SPEAKERS, speakerKey } from '../core/speaker.js';
import { readJson } from '../io/json.js';
import { assembleConversation, type Bank, type Timeline } from './assemble.js';
import { wav16Header } from './assemble-wav.js';

/** The same from `src/dataset` and from `dist/dataset`. */
export const BUNDLED_MINI = fileURLToPath(new URL('../../datasets/mini/', import.meta.url));

interface BankIndex {
  readonly sample_rate_hz: number;
  readonly utterances: Readonly<Record<string, { voice: string; offset: number; samples: number; text: string }>>;
}

/** Write the whole data set into a folder that does not exist yet. The same bytes every time; nothing is checked. */
export async function assembleMini(folder: string): Promise<void> {
  const bank = await readBank();
  const conversations = join(BUNDLED_MINI, 'conversations');
  await mkdir(folder);
  for (const name of ['dataset.json', 'LICENSE-voices.txt']) {
    await copyFile(join(BUNDLED_MINI, name), join(folder, name));
  }
  for (const id of (await readdir(conversations)).sort()) {
    await mkdir(join(folder, id));
    for (const name of await readdir(join(conversations, id))) {
      if (name !== 'timeline.json') await copyFile(join(conversations, id, name), join(folder, id, name));
    }
    const channels = assembleConversation((await readJson(join(conversations, id, 'timeline.json'))) as Timeline, bank);
    for (const speaker of SPEAKERS) {
      const samples = channels[speaker];
      const wav = [wav16Header(bank.sampleRateHz, 1, samples.length), new Uint8Array(samples.buffer)];
      await writeFile(join(folder, id, `${speakerKey(speaker)}_audio.wav`), wav);
    }
  }
}

/** All utterances as 16-bit samples. */
async function readBank(): Promise<Bank> {
  const index = (await readJson(join(BUNDLED_MINI, 'bank', 'index.json'))) as BankIndex;
  const voices = new Map<string, Int16Array>();
  const utterances = new Map<string, Int16Array>();
  for (const [id, { voice, offset, samples }] of Object.entries(index.utterances)) {
    let pcm = voices.get(voice);
    if (!pcm) {
      pcm = await decode(join(BUNDLED_MINI, 'bank', `${voice}.flac`));
      voices.set(voice, pcm);
    }
    utterances.set(id, pcm.subarray(offset, offset + samples));
  }
  return { sampleRateHz: index.sample_rate_hz, utterances };
}

async function decode(path: string): Promise<Int16Array> {
  const [samples = new Float32Array()] = (await decodeFile(path)).channels;
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < pcm.length; i++) pcm[i] = (samples[i] as number) * 32768;
  return pcm;
}
