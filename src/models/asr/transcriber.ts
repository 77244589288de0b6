import type { WeightFile } from '../../core/model.js';
import type { Transcript } from './words.js';

/** Whatever recognises a piece of audio: a server, or a program on this machine. */
export interface Transcriber {
  /**
   * @param samples mono, 16 kHz, in [-1, 1]. Read before this returns.
   * @param signal the pass is given up: nobody waits any more.
   * @param onRetry told of every failed attempt that is made again.
   * @throws UserError when it refuses, or has failed too often; the reason of `signal` when that is aborted.
   */
  transcribe(samples: Float32Array, signal: AbortSignal, onRetry: OnRetry): Promise<Transcript>;
  /** For the record of the run: the files of a program. */
  readonly weights?: readonly WeightFile[];
  /** Before every conversation: start again what a failure has ended. */
  ready?(): Promise<void>;
  close?(): Promise<void>;
}

export type OnRetry = (problem: string, attempt: number) => void;
