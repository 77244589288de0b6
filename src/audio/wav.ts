/** Streaming WAV: about one second of samples is held, whatever the length of the file. */

import { UserError } from '../core/errors.js';
import type { AudioFile, ChannelReader } from './audio-file.js';
import { ByteFile, type FileSource } from './byte-file.js';
import { makeUnpack, type Unpack } from './unpack.js';
import { readWavHeader, type WavHeader } from './wav-header.js';

/** @throws UserError when the header is unusable; the samples are looked at while they are read. */
export function wavFile(source: FileSource): AudioFile {
  const file = new ByteFile(source);
  try {
    const header = readWavHeader(file);
    const { sampleRateHz, channels, length } = header;
    return { path: file.path, format: 'wav', sampleRateHz, channels, length, open: () => openReader(source, header) };
  } finally {
    file.close();
  }
}

async function openReader(source: FileSource, header: WavHeader): Promise<WavReader> {
  const blockFrames = Math.min(header.sampleRateHz, header.length);
  const block = new Uint8Array(blockFrames * header.frameBytes);
  const unpack = await makeUnpack(header.encoding, block.buffer, header.channels);
  return new WavReader(new ByteFile(source), header, block, unpack);
}

class WavReader implements ChannelReader {
  readonly #file: ByteFile;
  readonly #header: WavHeader;
  readonly #block: Uint8Array;
  readonly #unpack: Unpack;
  readonly #mayBeWild: boolean;
  /** Sample frames read from the file, and in the block: the next one to hand out and the end. */
  #loaded = 0;
  #next = 0;
  #end = 0;

  constructor(file: ByteFile, header: WavHeader, block: Uint8Array, unpack: Unpack) {
    this.#file = file;
    this.#header = header;
    this.#block = block;
    this.#unpack = unpack;
    this.#mayBeWild = header.encoding === 'f32' || header.encoding === 'f64';
  }

  read(into: readonly Float32Array[]): number {
    const start = this.#loaded - (this.#end - this.#next);
    const wanted = Math.min((into[0] as Float32Array).length, this.#header.length - start);
    let written = 0;
    while (written < wanted) {
      if (this.#next === this.#end) this.#load();
      const count = Math.min(wanted - written, this.#end - this.#next);
      this.#unpack(this.#next, count, into, written);
      this.#next += count;
      written += count;
    }
    if (this.#mayBeWild) this.#refuseWild(into, start, written);
    return written;
  }

  close(): void {
    this.#file.close();
  }

  #load(): void {
    const { dataOffset, frameBytes, length, sampleRateHz } = this.#header;
    const bytes = Math.min(this.#block.length, (length - this.#loaded) * frameBytes);
    const got = this.#file.readAt(this.#block.subarray(0, bytes), dataOffset + this.#loaded * frameBytes);
    if (got < bytes) {
      const timeS = (this.#loaded / sampleRateHz).toFixed(3);
      throw new UserError(`${this.#file.path}: the file became shorter while it was read, at ${timeS} s`);
    }
    this.#next = 0;
    this.#end = bytes / frameBytes;
    this.#loaded += this.#end;
  }

  /** Float files can hold NaN, infinities and unscaled integers; each would poison a model's state silently. */
  #refuseWild(into: readonly Float32Array[], start: number, count: number): void {
    into.forEach((samples, channel) => {
      for (let i = 0; i < count; i++) {
        const value = samples[i] as number;
        if (Math.abs(value) <= LARGEST) continue;
        const timeS = (start + i) / this.#header.sampleRateHz;
        const where = `${this.#file.path}: channel ${channel + 1} at ${timeS.toFixed(6)} s`;
        if (Number.isFinite(value)) {
          throw new UserError(`${where}: sample ${value} is far outside [-1, 1]`, {
            hint: 'float samples must be scaled to [-1, 1]: divide 16-bit integers by 32768',
          });
        }
        throw new UserError(`${where}: sample is ${value}, not a finite number`, {
          hint: 'find what wrote it, or replace such samples by 0',
        });
      }
    });
  }
}

/** A mix may peak above full scale; 18 dB above it is no audio in [-1, 1] but integers that were never divided. */
const LARGEST = 8;
