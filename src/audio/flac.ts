/**
 * Streaming FLAC (RFC 9639) through libFLAC in WebAssembly. The file is fed to the decoder in pieces of 64 KiB; what
 * is held is one piece and the audio it decodes to, a few seconds.
 *
 * The decoder divides integers by 2^(bits-1) - 1 and rounds to float; multiplying back and rounding recovers every
 * integer of 8, 16 or 24 bits, and dividing by 2^(bits-1) then gives the very samples of a WAV with the same integers.
 */

import type { FLACDecoder } from '@wasm-audio-decoders/flac';
import { messageOf, UserError } from '../core/errors.js';
import type { AudioFile, ChannelReader } from './audio-file.js';
import { ByteFile, type Bytes, type FileSource } from './byte-file.js';

/** @throws UserError when the header is unusable; the frames are looked at while they are read. */
export function flacFile(source: FileSource): AudioFile {
  const file = new ByteFile(source);
  try {
    const header = readFlacHeader(file);
    const { sampleRateHz, channels, length } = header;
    return { path: file.path, format: 'flac', sampleRateHz, channels, length, open: () => openReader(source, header) };
  } finally {
    file.close();
  }
}

export interface FlacHeader {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bits: number;
  readonly length: number;
  /** Where the frames begin, bytes: pictures and tags before it are not shown to the decoder. */
  readonly framesOffset: number;
}

/** At 12 and 20 bits the decoder answers infinities; 32 bits do not fit in its floats. */
const BITS = [8, 16, 24];

export function readFlacHeader(file: Bytes): FlacHeader {
  // 'fLaC', a block header of 4 bytes, then STREAMINFO, which always comes first.
  const head = file.bytes(0, 42);
  if (head.length < 42) throw new UserError(`${file.path}: truncated: the FLAC header is incomplete`);
  const view = new DataView(head.buffer);
  // From byte 18: 20 bits rate, 3 bits channels - 1, 5 bits bits - 1, 36 bits samples per channel.
  const packed = view.getBigUint64(18);
  const sampleRateHz = Number(packed >> 44n);
  const channels = Number((packed >> 41n) & 7n) + 1;
  const bits = Number((packed >> 36n) & 31n) + 1;
  const length = Number(packed & 0xf_ffff_ffffn);
  if (sampleRateHz === 0) throw new UserError(`${file.path}: the header states a sample rate of 0 Hz`);
  if (!BITS.includes(bits)) {
    throw new UserError(`${file.path}: FLAC with ${bits}-bit samples is not supported`, {
      hint: `encode it with ${BITS.join(', ')} bits per sample, for example: sox INPUT.flac -b 16 OUTPUT.flac`,
    });
  }
  if (length === 0) {
    throw new UserError(`${file.path}: the FLAC header does not state the length, or there is no audio`, {
      hint: 'it was probably written to a pipe; encode it again: flac -d INPUT.flac -o T.wav && flac T.wav',
    });
  }
  const lengthMax = Math.ceil(file.size / SMALLEST_FRAME_BYTES) * LONGEST_FRAME;
  if (length > lengthMax) {
    throw new UserError(
      `${file.path}: the FLAC header states ${length} samples, more than a file of ${file.size} bytes can hold`,
      { hint: 'check it with: flac -t FILE' },
    );
  }
  return { sampleRateHz, channels, bits, length, framesOffset: framesOffset(file) };
}

function framesOffset(file: Bytes): number {
  for (let position = 4; ; ) {
    const [flags = LAST_BLOCK, high = 0, middle = 0, low = 0] = file.bytes(position, 4);
    position += 4 + ((high << 16) | (middle << 8) | low);
    if (flags & LAST_BLOCK) return position;
  }
}

const LAST_BLOCK = 0x80;
const PIECE_BYTES = 65_536;
/** Header of 6 bytes, one subframe of 2, checksum of 2. */
const SMALLEST_FRAME_BYTES = 10;
/** Samples per channel (RFC 9639, section 9.1.1). */
const LONGEST_FRAME = 65_535;

async function openReader(source: FileSource, header: FlacHeader): Promise<FlacReader> {
  // Forty modules and a WebAssembly program, for those who have FLAC files.
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  const decoder = new FLACDecoder();
  await decoder.ready;
  return new FlacReader(new ByteFile(source), header, decoder);
}

class FlacReader implements ChannelReader {
  readonly #file: ByteFile;
  readonly #header: FlacHeader;
  readonly #decoder: FLACDecoder;
  #position: number;
  #flushed = false;
  /** Samples decoded, and the part of them that is not handed out yet. */
  #decoded = 0;
  #pending: readonly Float32Array[] = [];
  #next = 0;
  #end = 0;

  constructor(file: ByteFile, header: FlacHeader, decoder: FLACDecoder) {
    this.#file = file;
    this.#header = header;
    this.#decoder = decoder;
    this.#position = header.framesOffset;
  }

  async read(into: readonly Float32Array[]): Promise<number> {
    const { bits, length } = this.#header;
    const start = this.#decoded - (this.#end - this.#next);
    const wanted = Math.min((into[0] as Float32Array).length, length - start);
    const fullScale = 2 ** (bits - 1);
    let written = 0;
    while (written < wanted) {
      if (this.#next === this.#end) await this.#decodePiece();
      const count = Math.min(wanted - written, this.#end - this.#next);
      this.#pending.forEach((samples, channel) => {
        rescale(samples, this.#next, count, fullScale, into[channel] as Float32Array, written);
      });
      this.#next += count;
      written += count;
    }
    return written;
  }

  close(): void {
    this.#decoder.free();
    this.#file.close();
  }

  async #decodePiece(): Promise<void> {
    const piece = this.#file.bytes(this.#position, PIECE_BYTES);
    this.#position += piece.length;
    const fed = this.#position - this.#header.framesOffset;
    if (this.#flushed || fed < SMALLEST_FRAME_BYTES) {
      // The decoder keeps a frame with a wrong checksum to itself: any damage ends here, as samples that are missing.
      const { length, sampleRateHz } = this.#header;
      const seconds = (samples: number) => (samples / sampleRateHz).toFixed(3);
      throw new UserError(
        `${this.#file.path}: truncated or damaged: only ${this.#decoded} of ${length} samples can be decoded ` +
          `(${seconds(this.#decoded)} of ${seconds(length)} s)`,
        { hint: 'check it with: flac -t FILE' },
      );
    }
    this.#flushed = piece.length === 0;
    const result = await (this.#flushed ? this.#decoder.flush() : this.#decoder.decode(piece)).catch((cause) => {
      throw this.#undecodable(messageOf(cause), cause);
    });
    if (result.errors[0]) throw this.#undecodable(result.errors[0].message);
    const { channels, bits, sampleRateHz } = this.#header;
    const same =
      result.channelData.length === channels && result.bitDepth === bits && result.sampleRate === sampleRateHz;
    if (result.samplesDecoded > 0 && !same) throw this.#undecodable('its frames do not match its header');
    this.#pending = result.channelData;
    this.#next = 0;
    this.#end = result.samplesDecoded;
    this.#decoded += result.samplesDecoded;
  }

  #undecodable(problem: string, cause?: unknown): UserError {
    const timeS = (this.#decoded / this.#header.sampleRateHz).toFixed(3);
    return new UserError(`${this.#file.path}: cannot be decoded after ${timeS} s: ${problem}`, { cause });
  }
}

/** From integers divided by `fullScale - 1` to the same integers divided by `fullScale`, exactly. */
function rescale(
  samples: Float32Array,
  from: number,
  count: number,
  fullScale: number,
  out: Float32Array,
  at: number,
): void {
  const most = fullScale - 1;
  const unit = 1 / fullScale;
  for (let i = 0; i < count; i++) out[at + i] = Math.round((samples[from + i] as number) * most) * unit;
}
