/**
 * The whole chain on channels that advance together: 80 ms of audio per row in, class probabilities per row out. Rows
 * 2c and 2c+1 are the channels of conversation c.
 */

import { join } from 'node:path';
import { createSession, type OnnxSession, type OnnxTensors } from '../../onnx/session.js';
import { CHUNK_SAMPLES } from './dimensions.js';
import type { Manifest } from './manifest.js';
import { Stage } from './stages.js';

/** Loaded networks: they hold no state, so many streams can share them. */
export interface MimiNetworks {
  readonly manifest: Manifest;
  readonly sessions: readonly OnnxSession[];
  release(): Promise<void>;
}

/** @param folder with the files of the manifest */
export async function loadNetworks(folder: string, manifest: Manifest, threads: number): Promise<MimiNetworks> {
  const sessions: OnnxSession[] = [];
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  try {
    for (const { file } of manifest.graphs) sessions.push(await createSession(join(folder, file), { threads }));
  } catch (error) {
    await release();
    throw error;
  }
  return { manifest, sessions, release };
}

export class MimiStream {
  readonly stages: readonly Stage[];
  readonly #session: OnnxSession;
  #audio = new Float32Array(0);

  /** @param rows even */
  constructor({ manifest, sessions }: MimiNetworks, rows: number) {
    this.#session = sessions[0]!;
    this.stages = manifest.graphs.map((graph, i) => new Stage(sessions[i]!, graph, rows));
    this.reserve(rows);
  }

  /** `[rows, 1920]`: fill it, then call `next`. Another array after `reserve`. */
  get audio(): Float32Array {
    return this.#audio;
  }

  /** Room for so many rows, an even number. New ones are at the beginning of a stream, the others stay as they are. */
  reserve(rows: number): void {
    if (rows * CHUNK_SAMPLES <= this.#audio.length) return;
    this.#audio = new Float32Array(rows * CHUNK_SAMPLES);
    for (const stage of this.stages) stage.reserve(rows);
  }

  /** Back to the beginning of a stream. */
  clear(row: number): void {
    for (const stage of this.stages) stage.clear(row);
  }

  /** Two rows change places, but not what they hear next. */
  swap(a: number, b: number): void {
    for (const stage of this.stages) stage.swap(a, b);
  }

  /**
   * Advance the first `rows` rows, an even number, by the 80 ms in `audio`. Nothing happens to those behind them.
   * @returns all outputs by name: `codes` `[rows, codebooks]`, `latent`, `quantized` `[rows, dimension]`, `embedding`
   *   `[rows, 2, dimension]`, `logits` and `probabilities` `[rows, 2, classes]`; and the `audio`. New tensors with every call.
   * @param onStage told the name of each network that has run
   */
  async next(rows: number, onStage?: (name: string) => void): Promise<OnnxTensors> {
    const heard = this.#audio.subarray(0, rows * CHUNK_SAMPLES);
    let outputs: OnnxTensors = { audio: this.#session.tensor(heard, [rows, CHUNK_SAMPLES]) };
    for (const stage of this.stages) {
      outputs = { ...outputs, ...(await stage.run(outputs, rows)) };
      onStage?.(stage.name);
    }
    return outputs;
  }
}
