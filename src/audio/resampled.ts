/** An `AudioSource` at another sample rate: same interface, resampled causally while it is read. */

import type { AudioReader, AudioSource } from '../core/conversation.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { Resampler } from './resampler.js';

/**
 * @returns `audio` itself when it has that rate already; otherwise a source of ceil(length·to/from) samples, late by
 *   the resampler's delay (3 ms at 16 kHz).
 * @throws UserError when the rates would need a huge filter.
 */
export function resampled(audio: AudioSource, sampleRateHz: number): AudioSource {
  if (audio.sampleRateHz === sampleRateHz) return audio;
  const length = Math.ceil((audio.length * sampleRateHz) / audio.sampleRateHz);
  return {
    sampleRateHz,
    length,
    open: async () => {
      const resamplers = perSpeaker(() => new Resampler(audio.sampleRateHz, sampleRateHz));
      return new ResampledReader(await audio.open(), audio, resamplers, length);
    },
  };
}

class ResampledReader implements AudioReader {
  readonly #reader: AudioReader;
  readonly #resamplers: PerSpeaker<Resampler>;
  /** One second of input. */
  readonly #input: PerSpeaker<Float32Array>;
  #inputLeft: number;
  #outputLeft: number;

  constructor(reader: AudioReader, input: AudioSource, resamplers: PerSpeaker<Resampler>, outputLength: number) {
    this.#reader = reader;
    this.#resamplers = resamplers;
    this.#input = perSpeaker(() => new Float32Array(input.sampleRateHz));
    this.#inputLeft = input.length;
    this.#outputLeft = outputLength;
  }

  async read(into: PerSpeaker<Float32Array>): Promise<number> {
    const wanted = Math.min(into[1].length, this.#outputLeft);
    let written = 0;
    while (written < wanted) {
      const needed = Math.min(this.#resamplers[1].inputFor(wanted - written), this.#inputLeft, this.#input[1].length);
      const piece = { 1: this.#input[1].subarray(0, needed), 2: this.#input[2].subarray(0, needed) };
      const got = needed === 0 ? 0 : await this.#reader.read(piece);
      // A source that ends early: hand out what there is, as its own reader would.
      if (got < needed) break;
      this.#inputLeft -= got;
      this.#resamplers[2].process(piece[2], into[2].subarray(written, wanted));
      written += this.#resamplers[1].process(piece[1], into[1].subarray(written, wanted));
    }
    this.#outputLeft -= written;
    return written;
  }

  close(): ReturnType<AudioReader['close']> {
    return this.#reader.close();
  }
}
