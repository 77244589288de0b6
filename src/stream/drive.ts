/**
 * Drive a model over a conversation: reset, then one step after the other, 20 ms each, with nothing but the samples of
 * that step and, where the model sees, the frames that became visible in it. Two passes, each speaker once as subject; a model with `stepBoth` gets both in one.
 *
 * A model that answers without a promise is called in a plain loop; promises cost only those who make them. Nothing
 * but the tracks grows with the length of the conversation.
 */

import type { AudioSource, VideoSources } from '../core/conversation.js';
import { messageOf, UserError } from '../core/errors.js';
import type { DiscriminativeModel, FloorDecision } from '../core/model.js';
import { otherSpeaker, type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import type { ConversationTracks, ProbabilitySink } from '../core/tracks.js';
import { Deadline, isPromise } from './deadline.js';
import { checkThresholds, TrackRecorder } from './recorder.js';
import { stepVideo } from './seen.js';
import { conversationSteps, openSteps, type StepFeed } from './steps.js';

export interface DriveOptions {
  /** Looked at by a model that asks for `video`, and never opened for any other. */
  readonly video?: VideoSources | undefined;
  /** Take P(floor) as it is answered, per subject; tracks of models that answer it are then 'streamed'. */
  readonly sinks?: PerSpeaker<ProbabilitySink> | undefined;
  /** Time every step. Then passes are separate: a live system has one subject, and no joint step. */
  readonly timer?: StepTimer | undefined;
  /** Real time that a promise of `step` or `reset` may take, s. Default 30. */
  readonly stepDeadlineS?: number | undefined;
  /** Called after every block of steps with the steps answered so far, both passes added: at the end twice the steps. */
  readonly onProgress?: ((stepsDone: number) => void) | undefined;
  /** `pulse[0]` grows with every step, for who watches from another thread. */
  readonly pulse?: Int32Array | undefined;
  /** Looked at between blocks and while the model is waited for; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface DriveResult {
  readonly tracks: ConversationTracks;
  /** Steps of one pass. */
  readonly steps: number;
  /** Real time spent in the model, both passes added, s: `step` and checking its answers, without reading audio. */
  readonly computeS: number;
  /** Real time from beginning to end, s. */
  readonly wallS: number;
}

/** Times every step by itself. */
export interface StepTimer {
  /** ms, from any origin. */
  nowMs(): number;
  /** The model has answered the next step of this pass after so long, ms. */
  onStep(subject: Speaker, computeMs: number): void;
}

/**
 * Both passes of a conversation.
 * @throws UserError on unreadable audio or video, and when the model throws, answers what the contract does not allow, or does
 *   not answer in time: with step, time and subject. The reason of `signal` when it is aborted.
 */
export async function driveConversation(
  model: DiscriminativeModel,
  audio: AudioSource,
  options: DriveOptions = {},
): Promise<DriveResult> {
  if (model.thresholds !== undefined) checkThresholds(model.thresholds);
  const startMs = performance.now();
  const steps = conversationSteps(audio);
  const recorders = perSpeaker(
    (subject) => new TrackRecorder(subject, steps, model.thresholds, options.sinks?.[subject]),
  );
  const deadline = new Deadline(options.stepDeadlineS ?? 30, options.signal);
  let computeMs = 0;
  let stepsDone = 0;
  await makeReady(model, options.signal);
  try {
    for (const pass of passesOf(model, recorders, options.timer)) {
      const onSteps = (count: number) => {
        stepsDone += count * pass.subjects;
        options.onProgress?.(stepsDone);
      };
      computeMs += await drivePass(model, audio, pass, { ...options, deadline, onSteps });
    }
  } catch (error) {
    // Ctrl-C in a terminal also ends the decoder of video, whose complaint is not what happened.
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    deadline.close();
  }
  return {
    tracks: perSpeaker((subject) => recorders[subject].finish()),
    steps,
    computeS: computeMs / 1000,
    wallS: (performance.now() - startMs) / 1000,
  };
}

/** How one pass asks the model and keeps what it answers. */
interface Pass {
  readonly subjects: 1 | 2;
  readonly timer?: { nowMs(): number; onStep(computeMs: number): void } | undefined;
  ask(feed: StepFeed, slot: number): unknown;
  /** Present = it is asked for many steps at once. */
  askMany?(span: PerSpeaker<Float32Array>): unknown;
  record(answer: unknown): void;
  /** Whose pass it is, and when in it. */
  readonly who: string;
  when(): string;
}

function passesOf(
  model: DiscriminativeModel,
  recorders: PerSpeaker<TrackRecorder>,
  timer: StepTimer | undefined,
): readonly Pass[] {
  if (model.stepBoth && !timer) return [jointPass(model, recorders)];
  return SPEAKERS.map((subject) => ({
    ...soloPass(model, subject, recorders[subject]),
    ...(model.stepMany && !model.video && !timer && manySteps(model, subject)),
    timer: timer && { nowMs: () => timer.nowMs(), onStep: (computeMs) => timer.onStep(subject, computeMs) },
  }));
}

function soloPass(model: DiscriminativeModel, subject: Speaker, recorder: TrackRecorder): Pass {
  const other = otherSpeaker(subject);
  return {
    subjects: 1,
    ask: ({ views, seen }, slot) => {
      const [own, others] = [views[subject][slot] as Float32Array, views[other][slot] as Float32Array];
      return seen ? model.step(own, others, stepVideo(seen, subject, slot)) : model.step(own, others);
    },
    record: (answer) => recorder.add(answer as FloorDecision),
    who: `speaker ${subject} as subject`,
    when: () => recorder.when(),
  };
}

function manySteps(model: DiscriminativeModel, subject: Speaker): Pick<Pass, 'askMany'> {
  return { askMany: (span) => model.stepMany?.(span[subject], span[otherSpeaker(subject)]) };
}

function jointPass(model: DiscriminativeModel, recorders: PerSpeaker<TrackRecorder>): Pass {
  return {
    subjects: 2,
    ask: ({ views, seen }, slot) => {
      const [one, two] = [views[1][slot] as Float32Array, views[2][slot] as Float32Array];
      return seen ? model.stepBoth?.(one, two, { 1: seen[1][slot]!, 2: seen[2][slot]! }) : model.stepBoth?.(one, two);
    },
    record: (answers) => {
      if (!Array.isArray(answers) || answers.length !== 2) {
        throw new UserError(`${recorders[1].when()}: \`stepBoth\` did not answer a pair of decisions`, {
          hint: 'it answers [decision with speaker 1 as subject, decision with speaker 2 as subject]',
        });
      }
      recorders[1].add(answers[0]);
      recorders[2].add(answers[1]);
    },
    who: 'both speakers as subject',
    when: () => recorders[1].when(),
  };
}

/** How long the event loop may wait: signals and progress displays live there, ms. */
const YIELD_EVERY_MS = 50;

interface PassContext extends Pick<DriveOptions, 'video' | 'pulse' | 'signal'> {
  readonly deadline: Deadline;
  readonly onSteps: (count: number) => void;
}

/** @returns real time spent in the model, ms. */
async function drivePass(
  model: DiscriminativeModel,
  audio: AudioSource,
  pass: Pass,
  { deadline, onSteps, video, pulse, signal }: PassContext,
): Promise<number> {
  const { timer } = pass;
  signal?.throwIfAborted();
  const feed = await openSteps(audio, model, video);
  try {
    await reset(model, pass, deadline, signal);
    let computeMs = 0;
    let yieldedMs = performance.now();
    for (;;) {
      const loaded = feed.next();
      const steps = typeof loaded === 'number' ? loaded : await loaded;
      if (steps === 0) return computeMs;
      const startMs = performance.now();
      const answered = pass.askMany ? await answerMany(pass, feed, steps, { deadline, signal }) : 0;
      for (let slot = answered; slot < steps; slot++) {
        let answer: unknown;
        const askedMs = timer ? timer.nowMs() : 0;
        try {
          answer = pass.ask(feed, slot);
          if (isPromise(answer)) answer = await deadline.settle(answer);
        } catch (error) {
          signal?.throwIfAborted();
          throw modelFailure(`${pass.when()}, ${pass.who}`, error);
        }
        timer?.onStep(timer.nowMs() - askedMs);
        pass.record(answer);
        if (pulse) pulse[0]!++;
      }
      const endMs = performance.now();
      computeMs += endMs - startMs;
      onSteps(steps);
      if (endMs - yieldedMs > YIELD_EVERY_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        yieldedMs = performance.now();
      }
      signal?.throwIfAborted();
    }
  } finally {
    await feed.close();
  }
}

/** @returns the steps of the block, all answered. */
async function answerMany(
  pass: Pass,
  feed: StepFeed,
  steps: number,
  { deadline, signal }: Pick<PassContext, 'deadline' | 'signal'>,
): Promise<number> {
  for (let slot = 0; slot < steps; ) {
    let answers: unknown;
    try {
      answers = pass.askMany?.(feed.span(slot, steps));
      if (isPromise(answers)) answers = await deadline.settle(answers);
    } catch (error) {
      signal?.throwIfAborted();
      throw modelFailure(`${pass.when()}, ${pass.who}`, error);
    }
    if (!Array.isArray(answers) || answers.length === 0 || answers.length > steps - slot) {
      throw new UserError(`${pass.when()}, ${pass.who}: \`stepMany\` did not answer a list of 1 to ${steps - slot}`);
    }
    for (const answer of answers) pass.record(answer);
    slot += answers.length;
  }
  return steps;
}

/** Without a limit: whoever starts again limits that itself. */
async function makeReady(model: DiscriminativeModel, signal: AbortSignal | undefined): Promise<void> {
  const deadline = new Deadline(Number.POSITIVE_INFINITY, signal);
  try {
    const done: unknown = model.ready?.();
    if (isPromise(done)) await deadline.settle(done);
  } catch (error) {
    signal?.throwIfAborted();
    throw modelFailure('before the first step', error);
  } finally {
    deadline.close();
  }
}

async function reset(
  model: DiscriminativeModel,
  pass: Pass,
  deadline: Deadline,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const done: unknown = model.reset();
    if (isPromise(done)) await deadline.settle(done);
  } catch (error) {
    signal?.throwIfAborted();
    throw modelFailure(`reset before the pass with ${pass.who}`, error);
  }
}

/** The model's own error stays the cause; what a `UserError` says about exit code and remedy is kept. */
function modelFailure(where: string, cause: unknown): UserError {
  const { hint, exitCode } = cause instanceof UserError ? cause : {};
  const kept = { ...(hint === undefined ? {} : { hint }), ...(exitCode === undefined ? {} : { exitCode }) };
  return new UserError(`${where}: the model failed: ${messageOf(cause)}${thrownAt(cause)}`, { ...kept, cause });
}

/** Where an author has to look: ` (my-model.js:12:7)`, without folders, which do not belong into records. */
function thrownAt(cause: unknown): string {
  if (!(cause instanceof Error) || cause instanceof UserError) return '';
  const frame = cause.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  const place = frame?.match(/([^\s()/\\]+:\d+:\d+)\)?$/)?.[1];
  return place === undefined ? '' : ` (${place})`;
}
