/**
 * EchoStream speech translation: sound in, sound out, and no word about turns. The server answers when it is told that
 * an utterance is over, so the client has to find utterances itself: by loudness, one connection each.
 *
 *   subject    ....|--speech--|........            Sent: the speech with a little before it, then END.
 *   segment       |-----------|--silence--|END     The floor is given by the segment, and taken by the first sound of
 *   server                                  |~~~|  the answer: the only turn signal that there is.
 *
 * When an utterance is over is thus the client's decision, not the system's: what is measured is how long after it
 * (and after the gold end of turn) the answer is heard.
 */

import { UserError } from '../core/errors.js';
import { STEP_S } from '../core/time.js';
import type { Connection, Message } from './connection.js';
import { isRecord, serverError } from './json-events.js';
import type { Line } from './line.js';
import { pcm16 } from './pcm.js';
import { Playback } from './playback.js';
import { FloorChanges, type Protocol, type Session } from './protocol.js';
import { SpeechGate } from './speech-gate.js';

export interface EchoSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** An utterance begins above so much RMS and is over after so much silence. */
  readonly segment: { readonly rms: number; readonly silenceS: number };
}

/** Hz, of input and output. */
const SAMPLE_RATE = 16_000;
/** Sent from before an utterance, because its first sounds are soft, s. */
const BEFORE_S = 0.2;
/** The server skips messages of less than 1600 bytes. Whole steps. */
const MESSAGE_STEPS = 3;

export function echoStream(settings: EchoSettings): Protocol {
  return { inputSampleRate: SAMPLE_RATE, open: (line) => openSession(line, settings) };
}

async function openSession(line: Line, settings: EchoSettings): Promise<Session> {
  // Nothing is said yet, but a server that is not there must not be noticed in the middle.
  const trial = await line.connect(settings.url, settings.headers, () => {});
  await trial.close();
  const gate = new SpeechGate(settings.segment.rms, settings.segment.silenceS);
  const floor = new FloorChanges();
  const playback = new Playback();
  const before: Buffer[] = [];
  const pending = new Set<Utterance>();
  let current: Utterance | undefined;
  const onSound = (bytes: number) => {
    if (!gate.isSpeech) floor.set(0);
    playback.add(line.sentS, Math.floor(bytes / 2) / SAMPLE_RATE);
  };
  return {
    hear(samples) {
      gate.hear(samples);
      const step = pcm16(samples);
      if (gate.isSpeech && !current) {
        floor.set(1);
        current = new Utterance(line, settings, onSound, (over) => pending.delete(over));
        pending.add(current);
        for (const earlier of before.splice(0)) current.hear(earlier);
      }
      if (current && !gate.isSpeech) {
        current.end();
        current = undefined;
      }
      if (current) current.hear(step);
      else if (before.push(step) > Math.round(BEFORE_S / STEP_S)) before.shift();
    },
    floor: () => floor.next(),
    afterEnd: 'silence',
    isDone: () => pending.size === 0,
    agent: () => playback.intervals,
  };
}

/** One connection: sound until END, the answer until DONE. */
class Utterance {
  readonly #line: Line;
  readonly #onSound: (bytes: number) => void;
  readonly #onOver: (self: Utterance) => void;
  #connection: Connection | undefined;
  /** What could not be sent before the connection was there. */
  #waiting: Message[] = [];
  #steps: Buffer[] = [];
  #isOver = false;

  constructor(
    line: Line,
    { url, headers }: EchoSettings,
    onSound: (bytes: number) => void,
    onOver: (self: Utterance) => void,
  ) {
    this.#line = line;
    this.#onSound = onSound;
    this.#onOver = onOver;
    const onMessage = (message: Message) => this.#onMessage(message);
    line
      .connect(url, headers, onMessage, (error) => this.#onEnd(error))
      .then(
        (connection) => this.#onConnected(connection),
        (error: unknown) => line.fail(error as UserError),
      );
  }

  hear(step: Buffer): void {
    this.#steps.push(step);
    if (this.#steps.length === MESSAGE_STEPS) this.#flush();
  }

  end(): void {
    // Half a message would be skipped.
    if (this.#steps.length > 0) {
      while (this.#steps.length < MESSAGE_STEPS) this.#steps.push(Buffer.alloc(this.#steps[0]!.length));
      this.#flush();
    }
    this.#send('END');
    this.#line.note({ sent: 'END' });
  }

  #flush(): void {
    this.#send(Buffer.concat(this.#steps));
    this.#steps = [];
  }

  #send(message: Message): void {
    if (this.#connection) this.#connection.send(message);
    else this.#waiting.push(message);
  }

  #onConnected(connection: Connection): void {
    this.#connection = connection;
    for (const message of this.#waiting.splice(0)) connection.send(message);
  }

  #onMessage(message: Message): void {
    if (typeof message !== 'string') {
      this.#line.note({ bytes: message.length });
      this.#onSound(message.length);
      return;
    }
    this.#line.note(message);
    if (message.trim().toUpperCase() !== 'DONE') throw complaint(message);
    this.#finish();
  }

  #onEnd(error: UserError): void {
    if (!this.#isOver) this.#line.fail(new UserError(`${error.message}, before it had answered an utterance`));
  }

  /** The idle path of the server says DONE twice. */
  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    void this.#connection?.close();
    this.#onOver(this);
  }
}

function complaint(message: string): UserError {
  try {
    const parsed: unknown = JSON.parse(message);
    if (isRecord(parsed) && 'error' in parsed) return serverError(parsed);
  } catch {
    // Not JSON: told below.
  }
  return new UserError(`the server sent '${message.slice(0, 80)}', neither sound nor DONE nor an error`, {
    hint: 'does the URL lead to an EchoStream server?',
  });
}
