/** The 20 ms clock: a conversation's audio as whole steps at the rate of a model, in a few reused buffers. */

import { resampled } from '../audio/resampled.js';
import type { Awaitable } from '../core/awaitable.js';
import type { AudioReader, AudioSource } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { STEP_S, samplesPerStep, wholeSteps } from '../core/time.js';

/** Steps loaded at a time, one second: both channels fit in the second-level cache. */
export const STEPS_PER_BLOCK = 50;

/** Whole steps of a conversation, whatever rate a model runs at: floor(duration·50). */
export function conversationSteps(audio: AudioSource): number {
  return wholeSteps(audio.length, audio.sampleRateHz);
}

export class StepFeed {
  /**
   * Per speaker one view per step of the block, the same ones in every block: `next` overwrites their samples. They
   * share the block's memory, because copying every step would cost more than all the rest; whoever reaches around a
   * view, through its `buffer`, can hear up to a second ahead. `checkCausality` finds that.
   */
  readonly views: PerSpeaker<readonly Float32Array[]>;
  readonly #reader: AudioReader;
  readonly #stepSamples: number;
  readonly #blocks: PerSpeaker<Float32Array>;
  readonly #steps: number;
  #stepsRead = 0;

  constructor(reader: AudioReader, steps: number, stepSamples: number) {
    this.#reader = reader;
    this.#steps = steps;
    this.#stepSamples = stepSamples;
    this.#blocks = perSpeaker(() => new Float32Array(STEPS_PER_BLOCK * stepSamples));
    this.views = perSpeaker((speaker) =>
      Array.from({ length: STEPS_PER_BLOCK }, (_, slot) =>
        this.#blocks[speaker].subarray(slot * stepSamples, (slot + 1) * stepSamples),
      ),
    );
  }

  /**
   * Load the next steps into `views`.
   * @returns how many, 0 after the last.
   * @throws UserError when the audio ends before its stated length, and whatever its reader throws.
   */
  next(): Awaitable<number> {
    const steps = Math.min(STEPS_PER_BLOCK, this.#steps - this.#stepsRead);
    if (steps === 0) return 0;
    const samples = this.#reader.read(steps === STEPS_PER_BLOCK ? this.#blocks : this.span(0, steps));
    return typeof samples === 'number' ? this.#loaded(steps, samples) : samples.then((got) => this.#loaded(steps, got));
  }

  /** The samples of consecutive slots of the loaded block in a row: views like `views`. */
  span(fromSlot: number, endSlot: number): PerSpeaker<Float32Array> {
    return perSpeaker((speaker) =>
      this.#blocks[speaker].subarray(fromSlot * this.#stepSamples, endSlot * this.#stepSamples),
    );
  }

  close(): Awaitable<void> {
    return this.#reader.close();
  }

  #loaded(steps: number, samples: number): number {
    if (samples !== steps * this.#stepSamples) {
      const endS = this.#stepsRead * STEP_S + (samples / this.#stepSamples) * STEP_S;
      throw new UserError(`the audio ends at ${endS.toFixed(3)} s, before its stated length`);
    }
    this.#stepsRead += steps;
    return steps;
  }
}

/**
 * Start reading from the first step.
 * @throws UserError when the rate is not a multiple of 50 Hz or cannot be reached from that of the audio.
 */
export async function openSteps(audio: AudioSource, sampleRateHz: number): Promise<StepFeed> {
  const stepSamples = samplesPerStep(sampleRateHz);
  const reader = await resampled(audio, sampleRateHz).open();
  return new StepFeed(reader, conversationSteps(audio), stepSamples);
}
