/**
 * Silero VAD on channels that advance together.
 *
 * 16 kHz. The network hears chunks of 512 samples (32 ms), each preceded by the last 64 samples before it, and carries
 * a recurrent state. Without those 64 samples v6 stays near 0 and reports no error. Steps of any length up to one
 * chunk are collected; each completed chunk is one inference over all rows.
 */

import { CHUNK, CONTEXT, INPUT, type SileroNetwork, type SileroRows, STATE } from './silero-network.js';

export class SileroChunks {
  readonly #network: SileroNetwork;
  readonly #rows: number;
  /** Two, so that samples beyond a chunk have a place while it is being inferred. */
  #windows: readonly [SileroRows, SileroRows];
  #current: 0 | 1 = 0;
  /** Samples of the current chunk so far. */
  #filled = 0;

  constructor(network: SileroNetwork, rows: number) {
    this.#network = network;
    this.#rows = rows;
    this.#windows = newWindows(rows);
  }

  /** Back to silence. An inference that nobody waits for any more answers into what is left behind. */
  reset(): void {
    this.#windows = newWindows(this.#rows);
    this.#filled = 0;
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
      next.input.set(window.input.subarray(row * INPUT + CHUNK, (row + 1) * INPUT), row * INPUT);
    }
    this.#filled = 0;
    this.#write(next, channels, taken, count);
    this.#filled = count - taken;
    return this.#network.infer(window).then(() => window.probability);
  }

  #write(window: SileroRows, channels: readonly Float32Array[], from: number, to: number): void {
    for (let row = 0; row < this.#rows; row++) {
      window.input.set(channels[row]!.subarray(from, to), row * INPUT + CONTEXT + this.#filled);
    }
  }
}

/** Inputs of their own; the state is one, it goes from chunk to chunk. */
function newWindows(rows: number): [SileroRows, SileroRows] {
  const shared = { rows, state: new Float32Array(rows * STATE), probability: new Float32Array(rows) };
  return [
    { ...shared, input: new Float32Array(rows * INPUT) },
    { ...shared, input: new Float32Array(rows * INPUT) },
  ];
}
