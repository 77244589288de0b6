/**
 * Mel energies of frames of audio, kept in columns so that they are computed once and normalised often.
 *
 * Normalised audio is x' = (x − m) / s. Dividing by s only shifts a logarithm. Subtracting m takes m times the window's
 * own spectrum from that of the frame, and the spectrum of a periodic Hann window is N/2 at bin 0, −N/4 at bins ±1 and
 * exactly 0 elsewhere. Bin 0 has no weight in any filter. So a frame is known for every m and s by the logarithms of
 * its energies, except for the two filters that hear bin 1, the lowest: of these the energy without it is kept, and
 * its complex value.
 */

import { complexFft } from './fft.js';
import { slaneyFilters } from './mel.js';

/** Hz. */
export const SAMPLE_RATE = 16_000;
export const MELS = 80;
/** Samples of a frame. */
export const FRAME = 400;
/** How many filters hear bin 1. */
export const LOW_FILTERS = 2;

const BINS = FRAME / 2 + 1;
const { rising, rise, fall } = slaneyFilters(MELS, BINS, SAMPLE_RATE / FRAME);
/** What bin 1 weighs in each of the low filters. */
export const BIN1_WEIGHTS = [fall[1]!, rise[1]!];
/** The Hann window's spectrum at bin 1. */
export const WINDOW_AT_BIN1 = -FRAME / 4;

const WINDOW = Float64Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));

export class MelTable {
  readonly columns: number;
  /** `[MELS, columns]`: log10 of the energy; of the low filters the energy itself, without bin 1. */
  readonly values: Float64Array;
  /** `[columns]`: the spectrum at bin 1. */
  readonly bin1Re: Float64Array;
  readonly bin1Im: Float64Array;
  readonly #fft = complexFft(FRAME);
  /** Per filter, and one more at each end for sides without a filter. */
  readonly #energies = new Float64Array(MELS + 2);

  /** All columns are silence at first. */
  constructor(columns: number) {
    this.columns = columns;
    this.values = new Float64Array(MELS * columns).fill(Number.NEGATIVE_INFINITY).fill(0, 0, LOW_FILTERS * columns);
    this.bin1Re = new Float64Array(columns);
    this.bin1Im = new Float64Array(columns);
  }

  /** Put a frame of audio into a column. */
  set(column: number, frame: Float32Array): void {
    this.#transform(frame, frame);
    this.#take(column, 1);
  }

  /** The same for two frames at the price of one: as real and imaginary part of one transform. */
  setPair(column1: number, frame1: Float32Array, column2: number, frame2: Float32Array): void {
    this.#transform(frame1, frame2);
    this.#take(column1, 1);
    this.#take(column2, -1);
  }

  #transform(real: Float32Array, imaginary: Float32Array): void {
    const { re, im } = this.#fft;
    for (let n = 0; n < FRAME; n++) {
      re[n] = real[n]! * WINDOW[n]!;
      im[n] = imaginary[n]! * WINDOW[n]!;
    }
    this.#fft.transform();
  }

  /** @param part 1 takes the real frame's spectrum, (Z[k] + conj(Z[N − k])) / 2; −1 i times that of the imaginary one */
  #take(column: number, part: 1 | -1): void {
    const { re, im } = this.#fft;
    const energies = this.#energies.fill(0);
    for (let k = 2; k < BINS - 1; k++) {
      const a = re[k]! + part * re[FRAME - k]!;
      const b = im[k]! - part * im[FRAME - k]!;
      const power = (a * a + b * b) / 4;
      energies[rising[k]!]! += power * fall[k]!;
      energies[rising[k]! + 1]! += power * rise[k]!;
    }
    for (let filter = 0; filter < MELS; filter++) {
      const energy = energies[filter + 1]!;
      // Math.log10 takes half as long again.
      this.values[filter * this.columns + column] = filter < LOW_FILTERS ? energy : Math.log(energy) * Math.LOG10E;
    }
    const a = (re[1]! + part * re[FRAME - 1]!) / 2;
    const b = (im[1]! - part * im[FRAME - 1]!) / 2;
    this.bin1Re[column] = part === 1 ? a : b;
    this.bin1Im[column] = part === 1 ? b : -a;
  }
}
