/**
 * The gate at work on channels that advance together: a VAD feeds one gate per channel, and when a gate asks, the
 * evaluator answers. What is evaluated is its own affair: the turn's audio, or audio and video.
 *
 * An evaluation happens in the step in which the VAD's chunk is complete, and hears and sees everything up to the end of
 * that step. Rows are evaluated one by one, so that a row is answered the same in whatever company it is.
 */

import type { SeenFrames } from '../../core/model.js';
import type { ChannelDetector } from '../paired.js';
import type { SileroChunks } from '../silero-chunks.js';
import { type GateSettings, TurnGate } from './gate.js';

export interface TurnEvaluator {
  /** Forget all audio and video. */
  reset(): void;
  /** The next step of every row, before it is judged; read before this returns. */
  push(rows: readonly Float32Array[], seen?: readonly SeenFrames[]): void;
  /** An evaluation of this turn will come: what can be done now need not be done then. */
  prepare(row: number, turnStart: number): void;
  /**
   * @param turnStart position of the turn's first sample, counted from the reset
   * @returns P(the turn is complete), in [0, 1], as of the newest sample
   */
  evaluate(row: number, turnStart: number): Promise<number>;
}

/** @param vad of as many rows as the detector and the evaluator have */
export function turnDetector(
  vad: SileroChunks,
  evaluator: TurnEvaluator,
  rows: number,
  settings: GateSettings,
): ChannelDetector {
  const gates = Array.from({ length: rows }, () => new TurnGate(settings));
  const pFloor = new Float64Array(rows);
  let pass = 0;
  return {
    reset() {
      pass++;
      vad.reset();
      evaluator.reset();
      for (const gate of gates) gate.reset();
      pFloor.fill(0);
    },
    step(channels, seen) {
      evaluator.push(channels, seen);
      const asked = pass;
      return vad.push(channels)?.then((pSpeech) => judge(pSpeech, asked)) ?? pFloor;
    },
  };

  /** @param asked the pass in which: answers to one that was given up must not reach the gates of the next. */
  async function judge(pSpeech: Float32Array, asked: number): Promise<Float64Array> {
    for (const [row, gate] of gates.entries()) {
      if (asked !== pass) return pFloor;
      if (gate.push(pSpeech[row]!)) {
        const pComplete = await evaluator.evaluate(row, gate.turnStart);
        if (asked !== pass) return pFloor;
        gate.evaluated(pComplete);
      } else if (gate.isSpeaking) evaluator.prepare(row, gate.turnStart);
      pFloor[row] = gate.pFloor;
    }
    return pFloor;
  }
}
