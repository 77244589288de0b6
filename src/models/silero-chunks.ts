/**
 * Silero VAD (v5 and v6 graphs) on channels that advance together.
 *
 * 16 kHz. The network hears chunks of 512 samples (32 ms), each preceded by the last 64 samples before it, and carries
 * a recurrent state. Without those 64 samples v6 stays near 0 and reports no error. Steps of any length up to one
 * chunk are collected; each completed chunk is one inference over all rows.
 */

import type { OnnxSession, OnnxTensor, OnnxTensors } from '../onnx/session.js';

/** Hz. */
export const SILERO_RATE = 16_000;
/** Samples. */
export const CHUNK = 512;

const CONTEXT = 64;
const INPUT = CONTEXT + CHUNK;
const STATE_WIDTH = 128;

export const SILERO_INPUTS = ['input', 'state', 'sr'] as const;
export const SILERO_OUTPUTS = ['output', 'stateN'] as const;

export class SileroChunks {
  readonly #session: OnnxSession;
  readonly #rows: number;
  /** Two, so that samples beyond a chunk have a place while it is being inferred. */
  readonly #windows: readonly [Window, Window];
  readonly #rate: OnnxTensor;
  readonly #silentState: OnnxTensor;
  #current: 0 | 1 = 0;
  /** Samples of the current chunk so far. */
  #filled = 0;
  #state: OnnxTensor;

  constructor(session: OnnxSession, rows: number) {
    this.#session = session;
    this.#rows = rows;
    this.#windows = [newWindow(session, rows), newWindow(session, rows)];
    this.#rate = session.tensor(BigInt64Array.of(BigInt(SILERO_RATE)), []);
    this.#silentState = session.tensor(new Float32Array(2 * rows * STATE_WIDTH), [2, rows, STATE_WIDTH]);
    this.#state = this.#silentState;
  }

  reset(): void {
    for (const window of this.#windows) window.samples.fill(0);
    this.#filled = 0;
    this.#state = this.#silentState;
  }

  /**
   * @param channels one per row, equally many samples in each, at most 512; read before this returns
   * @returns P(speech) per row when these samples complete a chunk, else undefined. Await it before the next push.
   */
  push(channels: readonly Float32Array[]): Promise<Float32Array> | undefined {
    const window = this.#windows[this.#current];
    const count = channels[0]!.length;
    const taken = Math.min(count, CHUNK - this.#filled);
    this.#write(window, channels, 0, taken);
    this.#filled += taken;
    if (this.#filled < CHUNK) return undefined;
    this.#current = this.#current === 0 ? 1 : 0;
    const next = this.#windows[this.#current];
    for (let row = 0; row < this.#rows; row++) {
      next.samples.set(window.samples.subarray(row * INPUT + CHUNK, (row + 1) * INPUT), row * INPUT);
    }
    this.#filled = 0;
    this.#write(next, channels, taken, count);
    this.#filled = count - taken;
    return this.#infer(window.tensor);
  }

  #write(window: Window, channels: readonly Float32Array[], from: number, to: number): void {
    for (let row = 0; row < this.#rows; row++) {
      window.samples.set(channels[row]!.subarray(from, to), row * INPUT + CONTEXT + this.#filled);
    }
  }

  async #infer(input: OnnxTensor): Promise<Float32Array> {
    const feeds: OnnxTensors = { input, state: this.#state, sr: this.#rate };
    const { output, stateN } = await this.#session.run(feeds);
    // [2, rows, 128]; fed back as it came, no copy.
    this.#state = stateN!;
    return output!.data as Float32Array;
  }
}

/** One network input, [rows, 576]: per row 64 samples of context, then the chunk. */
interface Window {
  readonly samples: Float32Array;
  readonly tensor: OnnxTensor;
}

function newWindow(session: OnnxSession, rows: number): Window {
  const samples = new Float32Array(rows * INPUT);
  return { samples, tensor: session.tensor(samples, [rows, INPUT]) };
}
