/**
 * A pass as `eval` drives it, timed: every step by itself, and every second as a whole with reading, decoding (video
 * too, for a model that sees), resampling and decisions.
 */

import type { AudioSource, VideoSources } from '../core/conversation.js';
import type { ComponentRuntime, DiscriminativeModel } from '../core/model.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import { Deadline, isPromise } from '../stream/deadline.js';
import { stepVideo } from '../stream/seen.js';
import { openSteps, type StepFeed } from '../stream/steps.js';
import { Decisions } from './decisions.js';
import type { Timed } from './measure.js';
import type { TimedPart } from './timing.js';

/** For one answer, as in `eval`. */
const LONGEST_WAIT_S = 30;

export class StreamedPass implements Timed, TimedPart {
  readonly kind = 'end-to-end' as const;
  readonly name: string;
  readonly audioS = 1;
  /** Of every step so far, the untimed seconds included. */
  readonly stepMs: number[] = [];
  readonly runsOn: ComponentRuntime | null;
  readonly #model: DiscriminativeModel;
  readonly #audio: AudioSource;
  readonly #video: VideoSources | undefined;
  readonly #nowMs: () => number;
  readonly #deadline = new Deadline(LONGEST_WAIT_S);
  #feed: StepFeed | undefined;
  #secondsLeft = 0;

  /**
   * @param audio at least one second long.
   * @param runsOn of the model, null when it does not say.
   */
  constructor(
    model: DiscriminativeModel,
    audio: AudioSource,
    runsOn: ComponentRuntime | null,
    { nowMs, video }: { nowMs(): number; readonly video?: VideoSources | undefined },
  ) {
    this.runsOn = runsOn;
    this.#model = model;
    this.#audio = audio;
    this.#video = video;
    this.#nowMs = nowMs;
    const decoding = video && model.video ? 'decoding audio and video' : 'decoding';
    this.name = `one second of one pass: ${decoding}, resampling, 50 steps, decisions`;
  }

  /** Start a new pass when less than a second is left. */
  async prepare(): Promise<void> {
    if (this.#secondsLeft-- > 0) return;
    await this.close();
    await this.#model.reset();
    this.#feed = await openSteps(this.#audio, this.#model, this.#video);
    this.#secondsLeft = Math.floor(this.#audio.length / this.#audio.sampleRateHz) - 1;
  }

  /** The next second, speaker 1 as subject. */
  async run(): Promise<void> {
    const { views, seen } = this.#feed!;
    const loaded = this.#feed!.next();
    if (isPromise(loaded)) await loaded;
    const decisions = new Decisions(this.#model, STEPS_PER_SECOND);
    for (let slot = 0; slot < STEPS_PER_SECOND; slot++) {
      const startMs = this.#nowMs();
      let answer = this.#model.step(views[1][slot]!, views[2][slot]!, seen && stepVideo(seen, 1, slot));
      if (isPromise(answer)) answer = await this.#deadline.settle(answer);
      this.stepMs.push(this.#nowMs() - startMs);
      decisions.add(answer);
    }
    decisions.finish();
  }

  async close(): Promise<void> {
    this.#deadline.close();
    await this.#feed?.close();
    this.#feed = undefined;
  }
}
