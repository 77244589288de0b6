/**
 * The contract between the harness and a turn-taking model.
 *
 * A model sees audio, and video where it asks for it, and nothing else, 20 ms at a time. It answers whether the subject
 * holds the floor; what it answers after step `i` is stamped with the end of that step, so look-ahead and buffering are
 * paid as latency. A model that has nothing new repeats its last answer. There is no flush: what is said after the
 * audio ends cannot be on time.
 */

import type { Awaitable } from './awaitable.js';
import type { LiveModel } from './live.js';
import type { PerSpeaker } from './speaker.js';
import type { VideoFrame, VideoSize } from './video.js';

/**
 * 0/1 at the model's own operating point; one bit per entry of `thresholds`; or P(subject holds the floor) in [0, 1].
 * The rule behind a bit is `floor = 1 iff P > threshold`, strictly.
 */
export type FloorDecision = 0 | 1 | readonly (0 | 1)[] | ProbableFloor;

export interface ProbableFloor {
  readonly pFloor: number;
  /** What P(floor) was made of, in the order of the model's `classes`: shown to people, never scored. Not to be kept. */
  readonly classes?: ArrayLike<number>;
}

export interface DiscriminativeModel {
  /** Hz. A multiple of 50, so that a step is a whole number of samples (24 000 → 480). */
  readonly inputSampleRate: number;

  /** Present = sweep mode: `step` answers one bit per threshold, in this order, from one inference. Ascending, in (0, 1). */
  readonly thresholds?: readonly number[];

  /** For models that answer `pFloor`: the threshold they are meant to run at. Default 0.5. */
  readonly defaultThreshold?: number;

  /** Present = the model sees: frames of this size come with every step. Absent = no video is ever decoded. */
  readonly video?: VideoSize;

  /** Names of the classes whose probabilities come with every decision. */
  readonly classes?: readonly string[];

  /** The weight files behind the model, for the record of the run. */
  readonly weights?: readonly WeightFile[];

  /** It asks a server or a program, which may change behind the same options: answers are never kept for other runs. */
  readonly asksOutside?: true;

  /** Forget the conversation, keep the weights. Called before every pass. */
  reset(): Awaitable<void>;

  /**
   * One step of 20 ms.
   * @param subject mono PCM in [-1, 1], `inputSampleRate / 50` samples. The buffer is reused: copy to keep.
   * @param other the other speaker, same shape and moment.
   * @param video what became visible by the end of this step; only for a model that asks for `video`.
   * @returns the decision. It is read at once, so a model may reuse the object in the next step.
   */
  step(subject: Float32Array, other: Float32Array, video?: StepVideo): Awaitable<FloorDecision>;

  /**
   * Both passes at once, for models whose per-channel work is the same in both: decisions with speaker 1 as subject,
   * then with speaker 2 as subject. Must equal two separate passes to the bit.
   */
  stepBoth?(
    speaker1: Float32Array,
    speaker2: Float32Array,
    video?: PerSpeaker<SeenFrames>,
  ): Awaitable<readonly [FloorDecision, FloorDecision]>;

  /** Present = the model can follow several conversations at once, and is faster so. */
  readonly lanes?: ModelLanes;

  /** Present = the model is a server elsewhere: its steps last as long as the audio, and it is never swept or timed. */
  readonly live?: LiveModel;

  /**
   * Consecutive steps at once, for a model in another process, where a message for each would cost more than the
   * answer. It answers the first of them, at least one, exactly as `step` would have one after the other: no answer may
   * know of a later step. The harness asks again for the rest; it never asks this way when it times steps.
   * @param subject the samples of all these steps in a row. The buffer is reused: copy to keep.
   */
  stepMany?(subject: Float32Array, other: Float32Array): Awaitable<readonly FloorDecision[]>;

  /** Called before every conversation: start again what a failure has ended. May take as long as loading. */
  ready?(): Awaitable<void>;

  /**
   * The parts of the model's work that `turnbench bench` times on their own; what is not offered is not shown. Called
   * when no pass is under way. Running them may leave any state behind: `reset` comes before the next pass.
   */
  components?(): Awaitable<readonly TimedComponent[]>;

  /** Release sessions, processes, sockets. Called once, after the last pass. */
  close?(): Awaitable<void>;
}

/**
 * Conversations side by side in one process. A lane is the same model with a state of its own; lanes that are stepped
 * at the same time share inference calls. What a lane answers does not depend on the others, to the bit.
 */
export interface ModelLanes {
  /** How many conversations at once pay off. */
  readonly atMost: number;
  /** A further lane; the model itself is the first. It shares the weights and has no `close`. */
  open(): DiscriminativeModel;
}

/** Frames whose presentation time passed in this step, mostly one or none; null when the speaker has no video at all. */
export type SeenFrames = readonly VideoFrame[] | null;

/** Frames of one step. Their pixels may be kept. */
export interface StepVideo {
  readonly subject: SeenFrames;
  readonly other: SeenFrames;
}

/** A part of a model that can be run by itself, again and again. */
export interface TimedComponent {
  /** Which table it belongs to. `end-to-end` is one whole answer: features, video and inference together. */
  readonly kind: 'features' | 'video' | 'inference' | 'decision' | 'end-to-end';
  /** What one run does, with its size: `one chunk of 512 samples (32 ms)`. */
  readonly name: string;
  /** By how much one run advances the audio of one pass, s. Absent where runs do not follow one another in time. */
  readonly audioS?: number;
  /** Where it runs. Absent = JavaScript, one thread. */
  readonly runsOn?: ComponentRuntime;
  /** Do it once, on realistic input that was made beforehand. What it returns is not looked at, a promise is awaited. */
  run(): unknown;
}

export interface ComponentRuntime {
  /** Execution provider, such as `cpu`. */
  readonly provider: string;
  readonly threads: number;
}

export interface WeightFile {
  /** File name without folder: reports must not carry paths of a machine. */
  readonly file: string;
  readonly sha256: string;
}

/** What a model module exports. Options come from `-o key=value`, numbers and booleans already parsed. */
export type LoadModel = (options: ModelOptions) => Awaitable<DiscriminativeModel>;

export type ModelOptions = Readonly<Record<string, string | number | boolean>>;
