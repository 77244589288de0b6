/**
 * The whole chain on channels that advance together: 80 ms of audio per row in, class probabilities per row out. Rows
 * 2c and 2c+1 are the channels of conversation c.
 */

import { join } from 'node:path';
import { createSession, type OnnxSession, type OnnxTensor, type OnnxTensors } from '../../onnx/session.js';
import { CHUNK_SAMPLES } from './dimensions.js';
import type { Manifest } from './manifest.js';
import { CarryingStage, type Stage, WindowedStage } from './stages.js';

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
  /** `[rows, 1920]`: fill it, then call `next`. */
  readonly audio: Float32Array;
  readonly stages: readonly Stage[];
  readonly #audioTensor: OnnxTensor;

  /** @param rows even */
  constructor({ manifest, sessions }: MimiNetworks, rows: number) {
    this.audio = new Float32Array(rows * CHUNK_SAMPLES);
    this.#audioTensor = sessions[0]!.tensor(this.audio, [rows, CHUNK_SAMPLES]);
    this.stages = manifest.graphs.map(({ name, states, windows }, i) => {
      const session = sessions[i]!;
      const stage = new CarryingStage(name, session, states, rows);
      return windows.length > 0 ? new WindowedStage(stage, session, windows, rows) : stage;
    });
  }

  reset(): void {
    this.audio.fill(0);
    for (const stage of this.stages) stage.reset();
  }

  /**
   * Advance by the 80 ms in `audio`.
   * @returns all outputs by name: `codes` `[rows, codebooks]`, `latent`, `quantized` `[rows, dimension]`, `embedding`
   *   `[rows, 2, dimension]`, `logits` and `probabilities` `[rows, 2, classes]`; and the `audio`. New tensors with every call.
   * @param onStage told the name of each network that has run
   */
  async next(onStage?: (name: string) => void): Promise<OnnxTensors> {
    let outputs: OnnxTensors = { audio: this.#audioTensor };
    for (const stage of this.stages) {
      outputs = { ...outputs, ...(await stage.run(outputs)) };
      onStage?.(stage.name);
    }
    return outputs;
  }
}
