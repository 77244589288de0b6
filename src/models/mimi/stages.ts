/**
 * The four networks as streaming stages. A stage is fed what the stages before it have answered, and keeps its own
 * states: an output `x.next` is the input `x` of the next call. Rows are channels that advance together.
 */

import type { OnnxSession, OnnxTensor, OnnxTensors } from '../../onnx/session.js';
import { NEXT, ROWS } from './conv.js';
import { FRAMES_PER_CHUNK } from './dimensions.js';

export interface Stage {
  readonly name: string;
  /** Back to the beginning of a stream, all rows. */
  reset(): void;
  /** @param given tensors by name, of which the stage takes those it knows */
  run(given: OnnxTensors): Promise<OnnxTensors>;
}

/** Name and shape of an input; free sizes are named. */
export interface StateInfo {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** Carries whole states from output to input, as they come. */
export class CarryingStage implements Stage {
  readonly name: string;
  readonly #session: OnnxSession;
  readonly #initial: OnnxTensors;
  #states: OnnxTensors;

  constructor(name: string, session: OnnxSession, states: readonly StateInfo[], rows: number) {
    this.name = name;
    this.#session = session;
    this.#initial = Object.fromEntries(states.map((state) => [state.name, zeros(session, state, rows)]));
    this.#states = this.#initial;
  }

  reset(): void {
    this.#states = this.#initial;
  }

  async run(given: OnnxTensors): Promise<OnnxTensors> {
    const feeds = Object.fromEntries(
      this.#session.inputNames.map((name) => [name, this.#states[name] ?? known(given, name)]),
    );
    const outputs = await this.#session.run(feeds);
    this.#states = Object.fromEntries(Object.keys(this.#initial).map((name) => [name, known(outputs, name + NEXT)]));
    return outputs;
  }
}

/**
 * Adds the window of keys and values, and the position in the stream. The network answers the new frames only; here
 * they take the place of the oldest, in arrays that are never copied.
 */
export class WindowedStage implements Stage {
  readonly name: string;
  readonly #inner: Stage;
  readonly #windows: readonly Window[];
  readonly #position: OnnxTensor;
  /** 25 Hz frames since the start, per row. */
  readonly #positions: BigInt64Array;
  readonly #tensors: OnnxTensors;

  constructor(inner: Stage, session: OnnxSession, windows: readonly StateInfo[], rows: number) {
    this.name = inner.name;
    this.#inner = inner;
    this.#positions = new BigInt64Array(rows);
    this.#position = session.tensor(this.#positions, [rows]);
    this.#windows = windows.map((info) => new Window(session, info, rows));
    const windowTensors = this.#windows.map(({ name, tensor }) => [name, tensor] as const);
    this.#tensors = { position: this.#position, ...Object.fromEntries(windowTensors) };
  }

  reset(): void {
    this.#inner.reset();
    // Slots from the position on are masked, whatever they hold.
    this.#positions.fill(0n);
  }

  async run(given: OnnxTensors): Promise<OnnxTensors> {
    const outputs = await this.#inner.run({ ...given, ...this.#tensors });
    const position = Number(this.#positions[0]);
    for (const window of this.#windows) window.write(known(outputs, window.name + NEXT), position);
    this.#positions.fill(BigInt(position + FRAMES_PER_CHUNK));
    return outputs;
  }
}

/** `[rows, heads, slots, width]`; frame `p` is in slot `p mod slots`. */
class Window {
  readonly name: string;
  readonly tensor: OnnxTensor;
  readonly #data: Float32Array;
  readonly #slots: number;
  readonly #width: number;

  constructor(session: OnnxSession, info: StateInfo, rows: number) {
    this.name = info.name;
    this.tensor = zeros(session, info, rows);
    this.#data = this.tensor.data as Float32Array;
    const [slots, width] = this.tensor.dims.slice(-2) as [number, number];
    this.#slots = slots;
    this.#width = width;
  }

  /** @param frames `[rows, heads, 2, width]`, the first of them at `position` */
  write(frames: OnnxTensor, position: number): void {
    const source = frames.data as Float32Array;
    const [slots, width] = [this.#slots, this.#width];
    const heads = source.length / (FRAMES_PER_CHUNK * width);
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < FRAMES_PER_CHUNK; i++) {
        const from = (head * FRAMES_PER_CHUNK + i) * width;
        const slot = (position + i) % slots;
        this.#data.set(source.subarray(from, from + width), (head * slots + slot) * width);
      }
    }
  }
}

function zeros(session: OnnxSession, { shape }: StateInfo, rows: number): OnnxTensor {
  const dims = shape.map((size) => (size === ROWS ? rows : Number(size)));
  return session.tensor(new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);
}

function known(tensors: OnnxTensors, name: string): OnnxTensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no tensor '${name}'`);
  return tensor;
}
