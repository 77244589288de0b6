/**
 * The header of a WAV file: Microsoft/IBM RIFF WAVE, WAVE_FORMAT_EXTENSIBLE, and RF64/BW64 (EBU Tech 3306) for files
 * beyond 4 GiB. Chunks may come in any order and unknown ones are stepped over.
 */

import { UserError } from '../core/errors.js';
import type { Bytes } from './byte-file.js';

export type WavEncoding = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64' | 'alaw' | 'mulaw';

export interface WavHeader {
  readonly encoding: WavEncoding;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Samples per channel, at least 1. */
  readonly length: number;
  /** Where the samples begin, bytes. */
  readonly dataOffset: number;
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number;
}

/** @throws UserError when a chunk is missing, makes no sense or promises more than the file holds. */
export function readWavHeader(file: Bytes): WavHeader {
  const chunks = findChunks(file);
  if (chunks.format === undefined) throw new UserError(`${file.path}: WAV without a format chunk ('fmt ')`);
  const format = readFormat(file.path, file.bytes(chunks.format.offset, Math.min(chunks.format.bytes, 40)));
  if (chunks.data === undefined) {
    throw new UserError(`${file.path}: WAV without a data chunk: it holds no audio`, { hint: TRUNCATED_HINT });
  }
  const { offset: dataOffset, bytes } = chunks.data;
  const { frameBytes, sampleRateHz } = format;
  const present = file.size - dataOffset;
  if (bytes > present) {
    const seconds = (count: number) => (count / frameBytes / sampleRateHz).toFixed(3);
    throw new UserError(
      `${file.path}: truncated: the data chunk promises ${bytes} bytes (${seconds(bytes)} s), ` +
        `the file ends after ${present} (${seconds(present)} s)`,
      { hint: TRUNCATED_HINT },
    );
  }
  if (bytes === 0) throw new UserError(`${file.path}: the data chunk is empty: it holds no audio`);
  if (bytes % frameBytes !== 0) {
    throw new UserError(`${file.path}: the data chunk has ${bytes} bytes, not a multiple of ${frameBytes} per sample`);
  }
  return { ...format, length: bytes / frameBytes, dataOffset };
}

const TRUNCATED_HINT =
  'copy or export the file again; if it was written to a pipe, its lengths are placeholders: sox INPUT.wav OUTPUT.wav';

interface Chunk {
  readonly offset: number;
  readonly bytes: number;
}

/** Length field of a chunk whose real length stands in the `ds64` chunk. */
const SEE_DS64 = 0xffff_ffff;

function findChunks(file: Bytes): { format?: Chunk; data?: Chunk } {
  const found: { format?: Chunk; data?: Chunk } = {};
  let longDataBytes: number | undefined;
  let position = 12;
  while (position + 8 <= file.size) {
    const head = file.bytes(position, 8 + 16);
    const view = new DataView(head.buffer, 0, head.length);
    const id = String.fromCharCode(...head.subarray(0, 4));
    const offset = position + 8;
    let bytes = view.getUint32(4, true);
    if (id === 'ds64' && head.length === 24) longDataBytes = Number(view.getBigUint64(16, true));
    if (id === 'data' && bytes === SEE_DS64 && longDataBytes !== undefined) bytes = longDataBytes;
    if (id === 'fmt ') found.format ??= { offset, bytes };
    if (id === 'data') found.data ??= { offset, bytes };
    // Chunks start at even positions.
    position = offset + bytes + (bytes % 2);
  }
  return found;
}

const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;

const OTHER_CODES: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  64: 'G.721',
  80: 'MPEG',
  85: 'MP3',
};

function readFormat(path: string, bytes: Uint8Array<ArrayBuffer>): Omit<WavHeader, 'length' | 'dataOffset'> {
  if (bytes.length < 16) throw new UserError(`${path}: the format chunk has ${bytes.length} bytes, at least 16 needed`);
  const view = new DataView(bytes.buffer, 0, bytes.length);
  let code = view.getUint16(0, true);
  // The first two bytes of the sub-format GUID are the real code.
  if (code === EXTENSIBLE && bytes.length >= 40) code = view.getUint16(24, true);
  const channels = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  if (channels === 0) throw new UserError(`${path}: the header states 0 channels`);
  if (sampleRateHz === 0) throw new UserError(`${path}: the header states a sample rate of 0 Hz`);
  const encoding = encodingOf(code, Math.ceil(bits / 8));
  if (encoding === undefined) {
    const name = code === PCM || code === FLOAT ? `${bits}-bit ${code === PCM ? 'PCM' : 'float'}` : OTHER_CODES[code];
    throw new UserError(`${path}: WAV with ${name ?? `format code ${code}`} samples is not supported`, {
      hint: 'convert it to 16-bit PCM, for example: ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav',
    });
  }
  if (frameBytes !== channels * SAMPLE_BYTES[encoding]) {
    throw new UserError(`${path}: the header states ${frameBytes} bytes for ${channels} × ${bits} bits`);
  }
  return { encoding, sampleRateHz, channels, frameBytes };
}

const SAMPLE_BYTES: Readonly<Record<WavEncoding, number>> = {
  u8: 1,
  s16: 2,
  s24: 3,
  s32: 4,
  f32: 4,
  f64: 8,
  alaw: 1,
  mulaw: 1,
};

/** Integer samples of fewer bits than their bytes (12 in 2, 20 in 3) stand in the upper bits, so only bytes matter. */
function encodingOf(code: number, sampleBytes: number): WavEncoding | undefined {
  if (code === PCM) return ([undefined, 'u8', 's16', 's24', 's32'] as const)[sampleBytes];
  if (code === FLOAT) return sampleBytes === 4 ? 'f32' : sampleBytes === 8 ? 'f64' : undefined;
  if (code === ALAW && sampleBytes === 1) return 'alaw';
  return code === MULAW && sampleBytes === 1 ? 'mulaw' : undefined;
}
