/**
 * The audio front end of Smart Turn: the log-mel features of Whisper for the last 8 s of a turn.
 *
 * The window ends with the newest sample. What lies before the turn is silence: zeros, which take part in the
 * normalisation. Then (x − mean) / √(variance + 1e-7) over the whole window; frames of 400 samples every 160, centred,
 * reflected at both ends, periodic Hann; power spectrum; 80 Slaney mel filters; log10, not below −10; not more than 8
 * below the greatest; (v + 4) / 4. The frame that would be centred on the end is left out, which leaves 800.
 *
 * A frame that lies inside the window is computed once, when its audio has come, however many windows it is part of
 * and whatever their normalisation (`mel-table.ts`). Per window there remain the few frames at its edges and one
 * addition per value.
 */

import type { AudioHistory } from './audio-history.js';
import { BIN1_WEIGHTS, FRAME, LOW_FILTERS, MELS, MelTable, WINDOW_AT_BIN1 } from './mel-table.js';

export { MELS } from './mel-table.js';

/** Samples: 8 s. */
export const WHISPER_WINDOW = 128_000;
export const FRAMES = 800;
/** Samples between frames. */
export const HOP = WHISPER_WINDOW / FRAMES;

const HALF_FRAME = FRAME / 2;
const LOG_FLOOR = -10;
const RANGE = 8;
const VARIANCE_FLOOR = 1e-7;

/** Columns of the table: a ring of frames, one frame of silence, and the frames at the edges of a window. */
const RING = 1024;
const SILENCE = RING;
const EDGES = SILENCE + 1;
/** Up to three where the turn begins or the window does, one at its end. */
const MAX_EDGES = 4;

export class WhisperFeatures {
  readonly #audio: AudioHistory;
  readonly #table = new MelTable(RING + 1 + MAX_EDGES);
  /** Which column of the table each frame of the window is in. */
  readonly #columns = new Int32Array(FRAMES);
  readonly #edgeFrame = new Float32Array(FRAME);
  /** Frames `first` to before `next` are in the ring. Frame j is centred on sample j·HOP. */
  #first = 0;
  #next = 0;

  /** @param audio 16 kHz; keeps at least 8 s; advances by multiples of HOP between calls. */
  constructor(audio: AudioHistory) {
    this.#audio = audio;
  }

  reset(): void {
    this.#first = 0;
    this.#next = 0;
  }

  /**
   * Compute the frames that have become complete: work that `write` would do, done as audio arrives.
   * @param from position of the turn's first sample
   */
  advance(from: number): void {
    const { end } = this.#audio;
    if (end % HOP !== 0) throw new Error(`audio has advanced to sample ${end}, not a multiple of ${HOP}`);
    const needed = Math.ceil((Math.max(from, end - WHISPER_WINDOW) + HALF_FRAME) / HOP);
    const complete = Math.floor((end - HALF_FRAME) / HOP) + 1;
    if (needed < this.#first || needed > this.#next) {
      this.#first = needed;
      this.#next = needed;
    }
    for (; this.#next + 1 < complete; this.#next += 2) {
      const j = this.#next;
      this.#table.setPair(j % RING, this.#frame(j), (j + 1) % RING, this.#frame(j + 1));
    }
    for (; this.#next < complete; this.#next++) this.#table.set(this.#next % RING, this.#frame(this.#next));
  }

  /**
   * The features of the window that ends now.
   * @param from position of the turn's first sample, not negative
   * @param into `[80 mel, 800 frames]`
   */
  write(from: number, into: Float32Array): void {
    this.advance(from);
    const { end } = this.#audio;
    const heard = this.#audio.view(Math.max(from, end - WHISPER_WINDOW), end);
    this.#arrange(heard, end / HOP - FRAMES);
    const { mean, variance } = momentsOf(heard);
    const columns = this.#columns;
    const top = Math.max(
      writeLowFilters(this.#table, columns, mean, variance, into),
      writeFilters(this.#table, columns, variance, into),
    );
    for (let i = 0; i < into.length; i++) into[i] = (Math.max(into[i]!, top - RANGE) + 4) / 4;
  }

  #frame(j: number): Float32Array {
    return this.#audio.view(j * HOP - HALF_FRAME, j * HOP + HALF_FRAME);
  }

  /** Find the column of every frame of the window, computing those at its edges. */
  #arrange(heard: Float32Array, firstFrame: number): void {
    const silence = WHISPER_WINDOW - heard.length;
    let edge = EDGES;
    for (let k = 0; k < FRAMES; k++) {
      const start = k * HOP - HALF_FRAME;
      const end = start + FRAME;
      if (start >= silence && end <= WHISPER_WINDOW) this.#columns[k] = (firstFrame + k) % RING;
      else if (end < silence) this.#columns[k] = SILENCE;
      else {
        for (let n = 0; n < FRAME; n++) this.#edgeFrame[n] = heard[reflected(start + n) - silence] ?? 0;
        this.#table.set(edge, this.#edgeFrame);
        this.#columns[k] = edge++;
      }
    }
  }
}

function reflected(position: number): number {
  return position < WHISPER_WINDOW ? Math.abs(position) : 2 * (WHISPER_WINDOW - 1) - position;
}

/** Of the whole window: what was not heard is 0. */
function momentsOf(heard: Float32Array): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < heard.length; i++) {
    sum += heard[i]!;
    squares += heard[i]! * heard[i]!;
  }
  const mean = sum / WHISPER_WINDOW;
  return { mean, variance: squares / WHISPER_WINDOW - mean * mean + VARIANCE_FLOOR };
}

/** Log energies of the filters that feel the mean, not yet scaled. @returns the greatest */
function writeLowFilters(table: MelTable, columns: Int32Array, mean: number, variance: number, into: Float32Array) {
  const { values, bin1Re, bin1Im } = table;
  let top = LOG_FLOOR;
  for (let filter = 0; filter < LOW_FILTERS; filter++) {
    const weight = BIN1_WEIGHTS[filter]!;
    for (let k = 0; k < FRAMES; k++) {
      const column = columns[k]!;
      const re = bin1Re[column]! - mean * WINDOW_AT_BIN1;
      const im = bin1Im[column]!;
      const energy = values[filter * table.columns + column]! + weight * (re * re + im * im);
      const value = Math.max(Math.log10(energy / variance), LOG_FLOOR);
      into[filter * FRAMES + k] = value;
      if (value > top) top = value;
    }
  }
  return top;
}

/** The same for all other filters. */
function writeFilters(table: MelTable, columns: Int32Array, variance: number, into: Float32Array): number {
  const shift = Math.log10(variance);
  let top = LOG_FLOOR;
  for (let filter = LOW_FILTERS; filter < MELS; filter++) {
    const row = filter * table.columns;
    for (let k = 0; k < FRAMES; k++) {
      const value = Math.max(table.values[row + columns[k]!]! - shift, LOG_FLOOR);
      into[filter * FRAMES + k] = value;
      if (value > top) top = value;
    }
  }
  return top;
}
