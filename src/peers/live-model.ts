/**
 * The peer driver: a server as a model. Audio goes out at the pace of real time, 20 ms every 20 ms, never ahead of the
 * clock and without drift; a step is answered when it is over, with the floor as the server has told it by then.
 *
 *   clock     0        20       40       60 ms          The server's event arrives while step 1 is the last one sent:
 *   sent      |step 0  |step 1  |step 2  |              its decision counts at the end of step 1, 0.04 s. That is the
 *   event                   ^                           audio position sent, whatever times the event itself names.
 *   answers         step 0 ↑ step 1 ↑                   (the answer to a step leaves just before the next is sent)
 *
 * Because the model contract is kept, scoring, resuming and reporting know nothing of servers. A session that fails
 * fails its conversation: it is never opened again in the middle, because a gap would change what the server knows.
 */

import { UserError } from '../core/errors.js';
import type { Interval } from '../core/gold.js';
import type { LiveModel, LiveRecord } from '../core/live.js';
import type { DiscriminativeModel } from '../core/model.js';
import { type PerSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { STEPS_PER_SECOND, samplesPerStep, stepEndS } from '../core/time.js';
import type { Clock } from './clock.js';
import type { Connect } from './connection.js';
import { Line } from './line.js';
import type { Protocol, Session } from './protocol.js';

export interface LiveSettings extends Pick<LiveModel, 'address' | 'isPaid' | 'conversationsAtOnce'> {
  /** How long a session may last, s. */
  readonly longestSessionS: number;
  /** How long the server is given after the end of the audio, s. */
  readonly graceS: number;
  readonly connectTimeoutS: number;
  /** Must appear nowhere. */
  readonly secret?: string | undefined;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly connect: Connect;
}

/** Lanes cost next to nothing; the server and the user decide. */
const MOST_CONVERSATIONS = 256;

export function liveModel(protocol: Protocol, settings: LiveSettings, around: Surroundings): DiscriminativeModel {
  let lanes = 0;
  const lane = (): DiscriminativeModel => {
    const delayMs = startDelayMs(lanes++);
    // One each: what is left of a conversation that was given up must not reach into the next.
    let conversation = new LiveConversation(protocol, settings, around, Number.POSITIVE_INFINITY, delayMs);
    const { address, isPaid, conversationsAtOnce } = settings;
    return {
      inputSampleRate: protocol.inputSampleRate,
      live: {
        ...{ address, isPaid, conversationsAtOnce },
        begin(steps) {
          requireShort(steps, settings);
          conversation = new LiveConversation(protocol, settings, around, steps, delayMs);
        },
        end: () => conversation.end(),
      },
      reset: () => conversation.reset(),
      step: async (subject) => (await conversation.advance([subject]))[0]!,
      stepBoth: async (...channels) => {
        const [one, two] = await conversation.advance(channels.slice(0, 2) as Float32Array[]);
        return [one!, two!];
      },
    };
  };
  const first = lane();
  return {
    ...first,
    lanes: { atMost: MOST_CONVERSATIONS, open: lane },
    close: async () => void (await first.live?.end()),
  };
}

/**
 * Audio is read a second at a time. Conversations that begin together would all read in the same moment, and be late
 * together: their beginnings are spread over a second, however many there are (by the golden ratio).
 */
function startDelayMs(lane: number): number {
  return (lane * 618) % 1000;
}

function requireShort(steps: number, { longestSessionS, graceS }: LiveSettings): void {
  if (stepEndS(steps - 1) + graceS <= longestSessionS) return;
  const length = `${stepEndS(steps - 1).toFixed(0)} s and ${graceS} s after its end`;
  throw new UserError(`the conversation (${length}) is longer than a session may last, ${longestSessionS} s`, {
    hint: 'leave it out with --ids; session_limit_s raises the limit where the server allows more',
  });
}

/** Behind the clock by more than this, the machine is too slow to measure anything, ms. */
const MOST_LAG_MS = 2000;

const STEP_MS = 1000 / STEPS_PER_SECOND;

interface OpenSession {
  readonly subject: Speaker;
  readonly line: Line;
  readonly session: Session;
}

class LiveConversation {
  readonly #protocol: Protocol;
  readonly #settings: LiveSettings;
  readonly #around: Surroundings;
  readonly #silence: Float32Array;
  readonly #steps: number;
  readonly #delayMs: number;
  /** Passes begun in this conversation: one for both subjects, or one each. */
  #passes = 0;
  readonly #lines: Line[] = [];
  readonly #ended: OpenSession[] = [];
  #open: OpenSession[] = [];
  #startMs = 0;
  #step = 0;
  #largestLagMs = 0;

  constructor(protocol: Protocol, settings: LiveSettings, around: Surroundings, steps: number, delayMs: number) {
    this.#steps = steps;
    this.#delayMs = delayMs;
    this.#protocol = protocol;
    this.#settings = settings;
    this.#around = around;
    this.#silence = new Float32Array(samplesPerStep(protocol.inputSampleRate));
  }

  async reset(): Promise<void> {
    await this.#closeAll();
    this.#passes++;
    this.#step = 0;
  }

  /** @param channels of both subjects, or of the one whose pass it is. */
  async advance(channels: readonly Float32Array[]): Promise<(0 | 1)[]> {
    const { clock } = this.#around;
    if (this.#step === 0) await this.#openAll(channels.length);
    this.#noteLag(clock.nowMs() - this.#startMs - this.#step * STEP_MS);
    this.#send(channels);
    await clock.until(this.#startMs + this.#step * STEP_MS);
    this.#throwIfFailed();
    return this.#step === this.#steps ? this.#last() : this.#floors();
  }

  async end(): Promise<LiveRecord> {
    await this.#closeAll();
    const log = this.#lines.flatMap((line) => line.log).sort((a, b) => (a.arrivedMs ?? -1) - (b.arrivedMs ?? -1));
    const heard = new Map(
      this.#ended.flatMap(({ subject, session }) => (session.agent ? [[subject, session.agent()] as const] : [])),
    );
    const agent = heard.size === SPEAKERS.length && ({ 1: heard.get(1)!, 2: heard.get(2)! } as Agent);
    return { log, largestLagMs: Math.round(this.#largestLagMs), ...(agent && { agent }) };
  }

  async #openAll(count: number): Promise<void> {
    const { clock, connect } = this.#around;
    const subjects = count === 1 ? [(this.#passes === 2 ? 2 : 1) as Speaker] : SPEAKERS;
    if (this.#delayMs > 0) await clock.until(clock.nowMs() + this.#delayMs);
    const opening = subjects.map(async (subject): Promise<OpenSession> => {
      const { secret, connectTimeoutS } = this.#settings;
      const line = new Line({ subject, clock, connect, openTimeoutMs: connectTimeoutS * 1000, secret });
      this.#lines.push(line);
      try {
        return { subject, line, session: await this.#protocol.open(line) };
      } catch (error) {
        throw named(subject, error);
      }
    });
    const opened = await Promise.allSettled(opening);
    this.#open = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    await punctual(clock);
    this.#startMs = clock.nowMs();
    for (const { line } of this.#open) line.startMs = this.#startMs;
  }

  /** One step on every session. */
  #send(channels: readonly Float32Array[]): void {
    this.#step++;
    for (const [i, { line, session }] of this.#open.entries()) {
      line.sentS = stepEndS(this.#step - 1);
      session.hear(channels[i]!);
    }
  }

  #floors(): (0 | 1)[] {
    return this.#open.map(({ session }) => session.floor());
  }

  /** The answer to the last step: with what still comes, where the audio position stands still; else as it is. */
  async #last(): Promise<(0 | 1)[]> {
    const { clock } = this.#around;
    const sendsOn = this.#open.some(({ session }) => session.afterEnd === 'silence');
    const floors = sendsOn ? this.#floors() : null;
    for (const { session } of this.#open) session.end?.();
    const lastMs = this.#startMs + this.#step * STEP_MS + this.#settings.graceS * 1000;
    for (let dueMs = clock.nowMs(); dueMs < lastMs && !this.#isDone(); ) {
      if (sendsOn) this.#send(this.#open.map(() => this.#silence));
      dueMs = sendsOn ? this.#startMs + this.#step * STEP_MS : dueMs + STEP_MS;
      await clock.until(dueMs);
      this.#throwIfFailed();
      // Acknowledgements of what was played are sent on.
      if (sendsOn) this.#floors();
    }
    return floors ?? this.#floors();
  }

  #isDone(): boolean {
    return this.#open.every(({ session }) => session.isDone?.() ?? false);
  }

  #throwIfFailed(): void {
    for (const { subject, line } of this.#open) {
      try {
        line.throwIfFailed();
      } catch (error) {
        throw named(subject, error);
      }
    }
  }

  #noteLag(lagMs: number): void {
    this.#largestLagMs = Math.max(this.#largestLagMs, lagMs);
    if (lagMs <= MOST_LAG_MS) return;
    throw new UserError(`this machine fell ${Math.round(lagMs)} ms behind real time`, {
      hint: 'run fewer conversations at once (-j), or on a machine with less to do',
    });
  }

  async #closeAll(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    this.#ended.push(...open);
    await Promise.all(open.map(({ session }) => session.close?.().catch(() => {})));
    await Promise.all(this.#lines.map((line) => line.close()));
  }
}

/** Steps in a row that have to be on time before a clock is started, and how long that is waited for, ms. */
const PUNCTUAL_STEPS = 5;
const PUNCTUAL_WITHIN_MS = 8000;

/** While other conversations are being opened and their first second is read, this process does not keep time. */
async function punctual(clock: Clock): Promise<void> {
  const lastMs = clock.nowMs() + PUNCTUAL_WITHIN_MS;
  for (let inTime = 0; inTime < PUNCTUAL_STEPS && clock.nowMs() < lastMs; ) {
    const dueMs = clock.nowMs() + STEP_MS;
    await clock.until(dueMs);
    inTime = clock.nowMs() - dueMs < STEP_MS ? inTime + 1 : 0;
  }
}

type Agent = PerSpeaker<readonly Interval[]>;

/** Both sessions of a conversation fail alike: which one it was belongs into the message. */
function named(subject: Speaker, error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const { hint, exitCode } = error;
  return new UserError(`session of speaker ${subject}: ${error.message}`, { ...(hint && { hint }), exitCode });
}
