/**
 * Audio of a conversation: two mono files or one stereo file, as an `AudioSource` that can be read as often as needed
 * and never holds more than a few seconds. WAV and FLAC are told apart by content.
 *
 * Everything the headers can tell (missing files, wrong formats, channels that do not match) fails on opening, before
 * a model is run; what only the samples can tell (damage, NaN) fails while they are read.
 */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AudioReader, AudioSource } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { AudioFile, AudioHeader, ChannelReader } from './audio-file.js';
import { ByteFile, type Bytes, type FileSource } from './byte-file.js';
import { flacFile, readFlacHeader } from './flac.js';
import { SNIFF_BYTES, sniffFormat } from './sniff.js';
import { wavFile } from './wav.js';
import { readWavHeader } from './wav-header.js';

/**
 * Two mono files, speaker 1 and speaker 2.
 * @throws UserError on unreadable headers, files that are not mono, or channels of different rate or length.
 */
export async function openPair(source1: FileSource, source2: FileSource): Promise<AudioSource> {
  const first = openAudioFile(source1);
  const second = openAudioFile(source2);
  const { sampleRateHz, length } = pairHeader(first, second);
  return {
    sampleRateHz,
    length,
    identity: () => `${fileIdentity(source1)} ${fileIdentity(source2)}`,
    open: async () => {
      const reader = await first.open();
      try {
        return pairReader(reader, await second.open());
      } catch (error) {
        reader.close();
        throw error;
      }
    },
  };
}

/** Rate and length that both channels of a conversation have. */
export type PairHeader = Pick<AudioHeader, 'sampleRateHz' | 'length'>;

/** A header and how messages name what it is of. */
export type NamedHeader = Omit<AudioHeader, 'format'> & { readonly path: string };

/** @throws UserError when they are not mono, or of different rate or length. */
export function pairHeader(first: NamedHeader, second: NamedHeader): PairHeader {
  for (const file of [first, second]) {
    if (file.channels !== 1) throw wrongChannels(file, 'mono is needed, one file per speaker');
  }
  const { sampleRateHz, length } = first;
  if (sampleRateHz !== second.sampleRateHz) {
    throw new UserError(
      `${first.path} has ${sampleRateHz} Hz and ${second.path} has ${second.sampleRateHz} Hz: both channels must have one rate`,
    );
  }
  if (length !== second.length) {
    const seconds = (samples: number) => `${samples} samples (${(samples / sampleRateHz).toFixed(3)} s)`;
    throw new UserError(
      `${first.path} has ${seconds(length)} and ${second.path} has ${seconds(second.length)}: both channels must be equally long`,
      { hint: 'pad the shorter channel with silence, or cut the longer one, if both start at the same moment' },
    );
  }
  return { sampleRateHz, length };
}

/**
 * One stereo file: channel 0 is speaker 1.
 * @throws UserError on an unreadable header or a file that is not stereo.
 */
export async function openStereo(path: string): Promise<AudioSource> {
  const file = openAudioFile(path);
  if (file.channels !== 2) throw wrongChannels(file, 'stereo is needed, one channel per speaker');
  const { sampleRateHz, length } = file;
  return {
    sampleRateHz,
    length,
    identity: () => fileIdentity(path),
    open: async () => stereoReader(await file.open()),
  };
}

/**
 * What the header says; no audio is decoded.
 * @throws UserError when the file is missing, neither WAV nor FLAC, or its header is unusable.
 */
export async function audioHeader(path: string): Promise<AudioHeader> {
  const { format, sampleRateHz, channels, length } = openAudioFile(path);
  return { format, sampleRateHz, channels, length };
}

/** A whole file, for short ones: everything is held in memory. Errors as `AudioReader.read`. */
export async function decodeFile(path: string): Promise<{ sampleRateHz: number; channels: Float32Array[] }> {
  const file = openAudioFile(path);
  const channels = Array.from({ length: file.channels }, () => new Float32Array(file.length));
  const reader = await file.open();
  try {
    await reader.read(channels);
  } finally {
    reader.close();
  }
  return { sampleRateHz: file.sampleRateHz, channels };
}

/** Of a file as it is now. Whoever writes it changes the time, if not the size. */
function fileIdentity(source: FileSource): string {
  const { file, offset, bytes } = typeof source === 'string' ? { file: source, offset: 0, bytes: 0 } : source;
  const { size, mtimeNs, ino } = statSync(file, { bigint: true });
  return `${resolve(file)} ${size} ${mtimeNs} ${ino} ${offset} ${bytes}`;
}

/** @throws UserError as `audioHeader`. */
export function openAudioFile(source: FileSource): AudioFile {
  const file = new ByteFile(source);
  try {
    return sniffFormat(file.path, file.bytes(0, SNIFF_BYTES)) === 'wav' ? wavFile(source) : flacFile(source);
  } finally {
    file.close();
  }
}

/**
 * The header of audio of which only the first bytes are at hand.
 * @param file `bytes` may throw where they end.
 * @throws UserError as `audioHeader`.
 */
export function headerOf(file: Bytes): NamedHeader {
  const isWav = sniffFormat(file.path, file.bytes(0, SNIFF_BYTES)) === 'wav';
  const { sampleRateHz, channels, length } = isWav ? readWavHeader(file) : readFlacHeader(file);
  return { path: file.path, sampleRateHz, channels, length };
}

function wrongChannels(file: NamedHeader, needed: string): UserError {
  return new UserError(
    `${file.path}: the file has ${file.channels} ${file.channels === 1 ? 'channel' : 'channels'}; ${needed}`,
  );
}

function stereoReader(reader: ChannelReader): AudioReader {
  return { read: (into) => reader.read([into[1], into[2]]), close: () => reader.close() };
}

function pairReader(first: ChannelReader, second: ChannelReader): AudioReader {
  return {
    // One after the other, so that nothing is under way in one file when the other fails. Both headers state one
    // length and readers keep to it, so both counts are the same.
    read: (into) => {
      const count = first.read([into[1]]);
      return typeof count === 'number' ? second.read([into[2]]) : count.then(() => second.read([into[2]]));
    },
    close: () => {
      first.close();
      second.close();
    },
  };
}
