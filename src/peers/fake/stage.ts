/**
 * What all stand-in servers share: they record what they hear and when, decide about the floor by a script or by
 * loudness, speak with latency and jitter, and misbehave when told to.
 */

import { Prng } from '../../core/prng.js';
import { measureRms } from '../../dsp/rms.js';
import type { Clock } from '../clock.js';
import type { Message } from '../connection.js';

/** A change of the floor that a server is to announce as soon as it has heard so much of the session's audio. */
export interface ScriptedChange {
  /** s of audio heard. */
  readonly at_s: number;
  readonly floor: 0 | 1;
}

export interface FakeSettings {
  /** What every session decides; absent = by loudness. */
  readonly script?: readonly ScriptedChange[] | undefined;
  /** What is said leaves so much later, ms; plus up to `jitterMs`, in order. */
  readonly latencyMs?: number | undefined;
  readonly jitterMs?: number | undefined;
  readonly seed?: number | undefined;
  readonly fault?: Fault | undefined;
}

export const FAULTS = ['drop', 'flat-error', 'nested-error', 'stall', 'flood', 'garbage'] as const;

/** Happens in every session that hears so much. */
export interface Fault {
  readonly kind: (typeof FAULTS)[number];
  /** s of audio heard. */
  readonly atS: number;
}

/** The server's end of a connection. */
export interface FakeSocket {
  send(message: Message): void;
  close(): void;
  /** Gone, without a word. */
  drop(): void;
  /** Read nothing any more. */
  stall(): void;
}

export interface FakeSession {
  onMessage(message: Message): void;
}

export interface FakeProtocol {
  /** Where clients connect, such as `/ws`. */
  readonly path: string;
  /** What it answers over plain HTTP, by path. */
  readonly pages?: Readonly<Record<string, object>>;
  accept(stage: Stage, url: URL): FakeSession;
}

/** One session as the server sees it. */
export class Stage {
  /** Audio heard, s. */
  heardS = 0;
  /** When audio came, and how much had come then: the proof that none was sent ahead of the clock. */
  readonly heard: { readonly atMs: number; readonly heardS: number }[] = [];
  /** What left, and when. */
  readonly said: { readonly atMs: number; readonly heardS: number; readonly message: Message }[] = [];
  readonly #socket: FakeSocket;
  readonly #clock: Clock;
  readonly #settings: FakeSettings;
  readonly #prng: Prng;
  readonly #decide: FloorSource;
  #last = Promise.resolve();
  #underWay = 0;
  #hasFailed = false;

  constructor(socket: FakeSocket, clock: Clock, settings: FakeSettings) {
    this.#socket = socket;
    this.#clock = clock;
    this.#settings = settings;
    this.#prng = new Prng(settings.seed ?? 1);
    this.#decide = settings.script ? scripted(settings.script) : byLoudness();
  }

  get isScripted(): boolean {
    return this.#settings.script !== undefined;
  }

  /** @returns changes of the floor that this brings about. */
  hear(samples: Float32Array, sampleRateHz: number): readonly (0 | 1)[] {
    this.heardS += samples.length / sampleRateHz;
    this.heard.push({ atMs: this.#clock.nowMs(), heardS: this.heardS });
    const { fault } = this.#settings;
    if (fault && !this.#hasFailed && this.heardS + 1e-9 >= fault.atS) {
      this.#hasFailed = true;
      this.#misbehave(fault);
    }
    return this.#decide(samples, sampleRateHz, this.heardS);
  }

  say(message: Message | object): void {
    const text = typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message);
    const { latencyMs = 0, jitterMs = 0 } = this.#settings;
    const delayMs = latencyMs + (jitterMs > 0 ? this.#prng.float() * jitterMs : 0);
    this.#inOrder(delayMs, () => this.#send(text));
  }

  /** After what has been said. */
  close(): void {
    this.#inOrder(0, () => this.#socket.close());
  }

  /** A network that holds one message back holds back those behind it. */
  #inOrder(delayMs: number, leave: () => void): void {
    if (delayMs === 0 && this.#underWay === 0) {
      leave();
      return;
    }
    const dueMs = this.#clock.nowMs() + delayMs;
    this.#underWay++;
    this.#last = this.#last
      .then(() => this.#clock.until(dueMs))
      .then(() => {
        this.#underWay--;
        leave();
      });
  }

  #send(message: Message): void {
    this.said.push({ atMs: this.#clock.nowMs(), heardS: this.heardS, message });
    this.#socket.send(message);
  }

  #misbehave({ kind }: Fault): void {
    if (kind === 'drop') this.#socket.drop();
    else if (kind === 'stall') this.#socket.stall();
    else if (kind === 'garbage') this.#socket.send('{"type": "half an eve');
    else if (kind === 'flat-error') this.say({ type: 'error', error: 'out of memory', code: 'runtime_append_failed' });
    else if (kind === 'nested-error') {
      const error = { type: 'server_error', code: 'session_expired', message: 'the session is too old', param: null };
      this.say({ type: 'error', event_id: 'event_fault', error });
    } else for (let i = 0; i < 5000; i++) this.#socket.send(JSON.stringify({ type: 'noise', i }));
  }
}

type FloorSource = (samples: Float32Array, sampleRateHz: number, heardS: number) => readonly (0 | 1)[];

function scripted(script: readonly ScriptedChange[]): FloorSource {
  let next = 0;
  return (_, __, heardS) => {
    const changes: (0 | 1)[] = [];
    while (next < script.length && script[next]!.at_s <= heardS + 1e-9) changes.push(script[next++]!.floor);
    return changes;
  };
}

/** RMS, full scale = 1. */
const LOUD = 0.01;
/** Silence that ends speech, as of `server_vad`, s. */
const SILENCE_S = 0.5;

function byLoudness(): FloorSource {
  const rms = new Float64Array(1);
  let isSpeech = false;
  let silentS = 0;
  return (samples, sampleRateHz) => {
    measureRms(samples, rms, 0);
    const isLoud = rms[0]! > LOUD;
    silentS = isLoud ? 0 : silentS + samples.length / sampleRateHz;
    if (isLoud === isSpeech || (isSpeech && silentS < SILENCE_S - 1e-9)) return [];
    isSpeech = isLoud;
    return [isLoud ? 1 : 0];
  };
}
