/**
 * The 20 ms clock: a conversation's audio as whole steps at the rate of a model, in a few reused buffers, and what is
 * seen in each step by a model that asks for it.
 */

import { resampled } from '../audio/resampled.js';
import type { Awaitable } from '../core/awaitable.js';
import type { AudioReader, AudioSource, VideoSources } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { DiscriminativeModel, SeenFrames } from '../core/model.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { STEP_S, samplesPerStep, wholeSteps } from '../core/time.js';
import { openSight, type SeenFeed } from './seen.js';

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
  readonly #seen: SeenFeed | undefined;
  readonly #stepSamples: number;
  readonly #blocks: PerSpeaker<Float32Array>;
  readonly #steps: number;
  #stepsRead = 0;

  constructor(reader: AudioReader, steps: number, stepSamples: number, seen?: SeenFeed) {
    this.#reader = reader;
    this.#seen = seen;
    this.#steps = steps;
    this.#stepSamples = stepSamples;
    this.#blocks = perSpeaker(() => new Float32Array(STEPS_PER_BLOCK * stepSamples));
    this.views = perSpeaker((speaker) =>
      Array.from({ length: STEPS_PER_BLOCK }, (_, slot) =>
        this.#blocks[speaker].subarray(slot * stepSamples, (slot + 1) * stepSamples),
      ),
    );
  }

  /** Per speaker what becomes visible in each step of the block; absent for a model that does not see. */
  get seen(): PerSpeaker<readonly SeenFrames[]> | undefined {
    return this.#seen?.slots;
  }

  /**
   * Load the next steps into `views` and `seen`.
   * @returns how many, 0 after the last.
   * @throws UserError when the audio ends before its stated length, and whatever its reader or those of video throw.
   */
  next(): Awaitable<number> {
    const steps = Math.min(STEPS_PER_BLOCK, this.#steps - this.#stepsRead);
    if (steps === 0) return 0;
    const samples = this.#reader.read(steps === STEPS_PER_BLOCK ? this.#blocks : this.span(0, steps));
    if (this.#seen) return this.#loadedWith(this.#seen, steps, samples);
    return typeof samples === 'number' ? this.#loaded(steps, samples) : samples.then((got) => this.#loaded(steps, got));
  }

  /** The samples of consecutive slots of the loaded block in a row: views like `views`. */
  span(fromSlot: number, endSlot: number): PerSpeaker<Float32Array> {
    return perSpeaker((speaker) =>
      this.#blocks[speaker].subarray(fromSlot * this.#stepSamples, endSlot * this.#stepSamples),
    );
  }

  close(): Awaitable<void> {
    if (!this.#seen) return this.#reader.close();
    return Promise.all([this.#reader.close(), this.#seen.close()]).then(() => undefined);
  }

  async #loadedWith(seen: SeenFeed, steps: number, samples: Awaitable<number>): Promise<number> {
    const [got] = await Promise.all([samples, seen.load(this.#stepsRead, steps)]);
    return this.#loaded(steps, got);
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
 * Start reading from the first step. Without `model.video` no video is opened.
 * @throws UserError when the rate is not a multiple of 50 Hz or cannot be reached from that of the audio, or when a
 *   video that the model wants to see cannot be opened.
 */
export async function openSteps(
  audio: AudioSource,
  model: Pick<DiscriminativeModel, 'inputSampleRate' | 'video'>,
  video: VideoSources = {},
): Promise<StepFeed> {
  const stepSamples = samplesPerStep(model.inputSampleRate);
  const reader = await resampled(audio, model.inputSampleRate).open();
  try {
    const seen = model.video && (await openSight({ size: model.video, sources: video }, STEPS_PER_BLOCK));
    return new StepFeed(reader, conversationSteps(audio), stepSamples, seen);
  } catch (error) {
    await reader.close();
    throw error;
  }
}
