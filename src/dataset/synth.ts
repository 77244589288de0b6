/**
 * Data sets of any size for benchmarks and tests: generated two-party conversations with perfect annotations. Nobody
 * says anything in them; the audio has the timing and the loudness of speech and nothing else of it.
 */

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { Prng, seedOf } from '../core/prng.js';
import { type PerSpeaker, SPEAKERS, speakerKey } from '../core/speaker.js';
import { samplesPerStep } from '../core/time.js';
import { makeFolder } from '../io/atomic-write.js';
import { fileFailure } from '../io/failures.js';
import { drawTexture, type Texture, writeSynthWav } from './synth-audio.js';
import { drawTurns } from './synth-turns.js';

export interface SynthOptions {
  readonly conversations: number;
  /** Length of each, minutes; need not be whole. */
  readonly minutes: number;
  /** Hz, a multiple of 50. Default 16 000. */
  readonly sampleRateHz?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Two mono files (default), one stereo file, or no audio at all: `duration_s` alone is enough to score. */
  readonly format?: 'mono' | 'stereo' | 'none';
}

/** RIFF sizes have 32 bits. */
const MAX_WAV_BYTES = 2 ** 32 - 64;

/**
 * Write a data-set folder. The same options give the same bytes. Memory does not grow with the length.
 * @param folder new or empty
 * @throws UserError on options that make no sense, a folder that holds something, or one that cannot be written.
 */
export async function synthesize(folder: string, options: SynthOptions): Promise<void> {
  const { conversations, minutes, sampleRateHz = 16_000, seed = 1, format = 'mono' } = options;
  checkOptions({ conversations, minutes, sampleRateHz, format });
  // Whole 20 ms steps.
  const durationS = Math.round(minutes * 60 * 50) / 50;
  await makeEmptyFolder(folder);
  const texture = drawTexture(sampleRateHz, new Prng(seedOf(`texture ${seed}`)));
  try {
    await writeFile(join(folder, 'dataset.json'), json(datasetInfo(options, seed)));
    for (let id = 1; id <= conversations; id++) {
      const turns = drawTurns(durationS, new Prng(seedOf(`turns ${seed} ${id}`)));
      await writeConversation(join(folder, String(id)), { durationS, turns, sampleRateHz, format, texture });
    }
  } catch (error) {
    throw fileFailure(error, 'write', folder);
  }
}

interface SynthConversation {
  readonly durationS: number;
  readonly turns: PerSpeaker<readonly Segment[]>;
  readonly sampleRateHz: number;
  readonly format: 'mono' | 'stereo' | 'none';
  readonly texture: Texture;
}

async function writeConversation(folder: string, conversation: SynthConversation): Promise<void> {
  const { durationS, turns, sampleRateHz, format, texture } = conversation;
  await makeFolder(folder);
  await writeFile(join(folder, 'metadata.json'), json({ conversation_type: 'Synthetic', duration_s: durationS }));
  await writeFile(join(folder, 'annotations.json'), json(annotations(turns)));
  const write = (name: string, channels: (readonly Segment[])[]) =>
    writeSynthWav(join(folder, name), sampleRateHz, durationS, channels, texture);
  if (format === 'stereo') await write('combined_audio.wav', [turns[1], turns[2]]);
  if (format !== 'mono') return;
  for (const speaker of SPEAKERS) await write(`${speakerKey(speaker)}_audio.wav`, [turns[speaker]]);
}

/** Three annotators who always agree: the gold is the truth. */
function annotations(turns: PerSpeaker<readonly Segment[]>): object {
  const track = (speaker: 1 | 2) =>
    turns[speaker].map(({ startS, endS, label }) => ({ start_s: startS, end_s: endS, label }));
  const tracks = (speaker: 1 | 2) => ({ a: track(speaker), b: track(speaker), c: track(speaker) });
  return { speaker_1: tracks(1), speaker_2: tracks(2) };
}

function datasetInfo({ conversations, minutes }: SynthOptions, seed: number): object {
  return {
    name: 'synth',
    version: `${conversations}x${minutes}min-seed${seed}`,
    licence: 'CC0-1.0',
    description: 'Generated conversations: noise with the timing of speech, and annotations that are always right.',
    language: 'zxx',
  };
}

function checkOptions({ conversations, minutes, sampleRateHz, format }: Required<Omit<SynthOptions, 'seed'>>): void {
  if (!Number.isInteger(conversations) || conversations < 1) {
    throw new UserError(`cannot generate ${conversations} conversations`, { hint: 'a whole number of at least 1' });
  }
  if (!(minutes >= 0.1 && Number.isFinite(minutes))) {
    throw new UserError(`cannot generate conversations of ${minutes} minutes`, { hint: 'at least 0.1' });
  }
  samplesPerStep(sampleRateHz);
  const bytes = minutes * 60 * sampleRateHz * 2 * (format === 'stereo' ? 2 : 1);
  if (format !== 'none' && bytes > MAX_WAV_BYTES) {
    throw new UserError(`${minutes} minutes at ${sampleRateHz} Hz do not fit into a WAV file of 4 GiB`, {
      hint: 'more conversations, each shorter',
    });
  }
}

async function makeEmptyFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  if ((await readdir(folder)).length > 0) {
    throw new UserError(`${folder} is not empty`, { hint: 'name a new folder, so that nothing is overwritten' });
  }
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
