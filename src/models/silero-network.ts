/**
 * The network of Silero VAD (v5 and v6 graphs) for any number of channels at once. What a row answers does not depend
 * on the rows beside it, to the bit (tested up to 66 rows).
 */

import type { OnnxSession, OnnxTensors } from '../onnx/session.js';
import { Lockstep } from './lockstep.js';

/** Hz. */
export const SILERO_RATE = 16_000;
/** Samples of one inference: the last 64 of the chunk before, then 512 new ones. */
export const CONTEXT = 64;
export const CHUNK = 512;
export const INPUT = CONTEXT + CHUNK;

/** Layers and their width: the recurrent state of a row. */
const LAYERS = 2;
const WIDTH = 128;
export const STATE = LAYERS * WIDTH;

export const SILERO_INPUTS = ['input', 'state', 'sr'] as const;
export const SILERO_OUTPUTS = ['output', 'stateN'] as const;

/** Channels that advance together: each row has its input, its state, and an answer. */
export interface SileroRows {
  readonly rows: number;
  /** `[rows, 576]`, untouched until the answer. */
  readonly input: Float32Array;
  /** `[rows, 2, 128]`, replaced by the next state. */
  readonly state: Float32Array;
  /** `[rows]`: P(speech). */
  readonly probability: Float32Array;
}

export class SileroNetwork {
  readonly session: OnnxSession;
  readonly #lockstep = new Lockstep<SileroRows>((asked) => this.#inferAll(asked));
  readonly #rate;
  #batch: Batch;

  constructor(session: OnnxSession) {
    this.session = session;
    this.#rate = session.tensor(BigInt64Array.of(BigInt(SILERO_RATE)), []);
    this.#batch = newBatch(session, 1);
  }

  /** One more who will ask: their inferences are shared. */
  join(): void {
    this.#lockstep.join();
  }

  infer(rows: SileroRows): Promise<void> {
    return this.#lockstep.ask(rows);
  }

  async #inferAll(asked: readonly SileroRows[]): Promise<void> {
    const total = asked.reduce((sum, { rows }) => sum + rows, 0);
    if (this.#batch.rows !== total) this.#batch = newBatch(this.session, total);
    const { input, state, tensors } = this.#batch;
    let row = 0;
    for (const one of asked) {
      input.set(one.input, row * INPUT);
      for (let i = 0; i < one.rows; i++, row++) {
        for (let layer = 0; layer < LAYERS; layer++) {
          const from = i * STATE + layer * WIDTH;
          state.set(one.state.subarray(from, from + WIDTH), (layer * total + row) * WIDTH);
        }
      }
    }
    const { output, stateN } = await this.session.run({ ...tensors, sr: this.#rate });
    const probability = output!.data as Float32Array;
    const next = stateN!.data as Float32Array;
    row = 0;
    for (const one of asked) {
      for (let i = 0; i < one.rows; i++, row++) {
        one.probability[i] = probability[row]!;
        for (let layer = 0; layer < LAYERS; layer++) {
          const from = (layer * total + row) * WIDTH;
          one.state.set(next.subarray(from, from + WIDTH), i * STATE + layer * WIDTH);
        }
      }
    }
  }
}

/** Buffers of one batch size; batches of a size follow each other. */
interface Batch {
  readonly rows: number;
  readonly input: Float32Array;
  /** `[2, rows, 128]`. */
  readonly state: Float32Array;
  readonly tensors: OnnxTensors;
}

function newBatch(session: OnnxSession, rows: number): Batch {
  const input = new Float32Array(rows * INPUT);
  const state = new Float32Array(rows * STATE);
  const tensors = {
    input: session.tensor(input, [rows, INPUT]),
    state: session.tensor(state, [LAYERS, rows, WIDTH]),
  };
  return { rows, input, state, tensors };
}
