import { STEP_S } from '../core/time.js';
import { measureRms } from '../dsp/rms.js';

/** Is somebody speaking, by loudness alone: what a client knows without asking the server. */
export class SpeechGate {
  readonly #threshold: number;
  readonly #hangOverS: number;
  readonly #rms = new Float64Array(1);
  #quietS = Number.POSITIVE_INFINITY;

  /**
   * @param threshold RMS, full scale = 1, above which a step is speech.
   * @param hangOverS how much longer than the last loud step speech lasts.
   */
  constructor(threshold: number, hangOverS: number) {
    this.#threshold = threshold;
    this.#hangOverS = hangOverS;
  }

  hear(step: Float32Array): void {
    measureRms(step, this.#rms, 0);
    this.#quietS = this.#rms[0]! > this.#threshold ? 0 : this.#quietS + STEP_S;
  }

  get isSpeech(): boolean {
    // A loud step is speech whatever the hang-over.
    return this.#quietS < Math.max(this.#hangOverS, STEP_S) - STEP_S / 2;
  }
}
