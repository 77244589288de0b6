/**
 * The four networks as streaming stages. A stage is fed what the stages before it have answered, and keeps its own
 * states: an output `x.next` is the input `x` of the next call. Rows are channels that advance together, each at its own
 * place in its own stream; those that are to stand still are put behind the others.
 */

import type { OnnxSession, OnnxTensor, OnnxTensors } from '../../onnx/session.js';
import { NEXT, POSITION } from './conv.js';
import { FRAMES_PER_CHUNK } from './dimensions.js';
import { type StateInfo, StateRows } from './state-rows.js';

/** What a network carries from call to call. */
export interface StageInfo {
  readonly name: string;
  /** Carried as they come. */
  readonly states: readonly StateInfo[];
  /** Of these it answers the two newest frames, which take the place of the oldest. */
  readonly windows: readonly StateInfo[];
}

export class Stage {
  readonly name: string;
  readonly #session: OnnxSession;
  readonly #states: readonly StateRows[];
  readonly #windows: readonly StateRows[];
  readonly #kept: ReadonlyMap<string, StateRows>;
  /** 25 Hz frames since the start, per row. */
  #positions: number[] = [];

  constructor(session: OnnxSession, info: StageInfo, rows: number) {
    this.name = info.name;
    this.#session = session;
    this.#states = info.states.map((state) => new StateRows(session, state));
    this.#windows = info.windows.map((window) => new StateRows(session, window));
    this.#kept = new Map([...this.#states, ...this.#windows].map((state) => [state.name, state]));
    this.reserve(rows);
  }

  /** Room for so many rows. New ones are at the beginning of a stream, the others stay as they are. */
  reserve(rows: number): void {
    for (const state of this.#kept.values()) state.reserve(rows);
    while (this.#positions.length < rows) this.#positions.push(0);
  }

  /** Back to the beginning of a stream. */
  clear(row: number): void {
    for (const state of this.#kept.values()) state.clear(row);
    this.#positions[row] = 0;
  }

  /** Two rows change places. */
  swap(a: number, b: number): void {
    for (const state of this.#kept.values()) state.swap(a, b);
    const held = this.#positions[a]!;
    this.#positions[a] = this.#positions[b]!;
    this.#positions[b] = held;
  }

  /**
   * Advance the first `rows` rows; nothing happens to those behind them.
   * @param given tensors by name, of so many rows; the stage takes those it knows
   */
  async run(given: OnnxTensors, rows: number): Promise<OnnxTensors> {
    const positions = this.#positions.slice(0, rows);
    const own: OnnxTensors = {
      [POSITION]: this.#session.tensor(BigInt64Array.from(positions, BigInt), [rows]),
    };
    const feeds = Object.fromEntries(
      this.#session.inputNames.map((name) => [
        name,
        this.#kept.get(name)?.tensor(rows) ?? own[name] ?? known(given, name),
      ]),
    );
    const outputs = await this.#session.run(feeds);
    for (const state of this.#states) state.set(numbersOf(outputs, state.name + NEXT));
    for (const window of this.#windows) writeFrames(window, numbersOf(outputs, window.name + NEXT), positions);
    for (const [row, position] of positions.entries()) this.#positions[row] = position + FRAMES_PER_CHUNK;
    return outputs;
  }
}

/**
 * Frame `p` of a row is in slot `p mod slots`.
 * @param window rows of `[heads, slots, width]`
 * @param frames `[rows, heads, 2, width]`
 * @param positions of the first of the frames, per row
 */
function writeFrames(window: StateRows, frames: Float32Array, positions: readonly number[]): void {
  const [heads, slots, width] = window.shape as [number, number, number];
  let from = 0;
  for (const [row, position] of positions.entries()) {
    const into = window.row(row);
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < FRAMES_PER_CHUNK; i++, from += width) {
        const slot = (position + i) % slots;
        into.set(frames.subarray(from, from + width), (head * slots + slot) * width);
      }
    }
  }
}

function numbersOf(tensors: OnnxTensors, name: string): Float32Array {
  return known(tensors, name).data as Float32Array;
}

function known(tensors: OnnxTensors, name: string): OnnxTensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no tensor '${name}'`);
  return tensor;
}
