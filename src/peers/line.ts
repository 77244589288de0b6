/**
 * One session's line to a server: where its audio stands, what came back and when, and the first thing that went wrong.
 *
 * The time of a server's event is the audio position that had been sent when it arrived. Times that the server writes
 * into its events are kept in the log and used for nothing: they may lie before what the server could know.
 */

import { UserError } from '../core/errors.js';
import type { LiveEvent } from '../core/live.js';
import type { Speaker } from '../core/speaker.js';
import type { Clock } from './clock.js';
import type { Connect, Connection, Message } from './connection.js';

export interface LineSettings {
  readonly subject: Speaker;
  readonly clock: Clock;
  readonly connect: Connect;
  /** Longest wait for a connection, and again for the server to be ready, ms. */
  readonly openTimeoutMs: number;
  /** Must appear nowhere. */
  readonly secret?: string | undefined;
}

/** A server that says more than this in a second of real time is broken. A duplex model says some ten things. */
const MOST_MESSAGES_PER_SECOND = 1000;

export class Line {
  /** Audio sent, s. Kept by whoever drives the session. */
  sentS = 0;
  /** When the clock of the conversation was started. */
  startMs: number | null = null;
  readonly log: LiveEvent[] = [];
  readonly #settings: LineSettings;
  readonly #connections: Connection[] = [];
  readonly #closing = new AbortController();
  #failure: UserError | undefined;
  #secondMs = Number.NEGATIVE_INFINITY;
  #messagesOfSecond = 0;

  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  /**
   * @param onMessage may throw a `UserError`, which ends the session.
   * @param onEnd the connection is over; default: the session has failed.
   * @throws UserError when there is no connection in time.
   */
  async connect(
    url: string,
    headers: Readonly<Record<string, string>>,
    onMessage: (message: Message) => void,
    onEnd: (error: UserError) => void = (error) => this.fail(error),
  ): Promise<Connection> {
    const { connect, openTimeoutMs } = this.#settings;
    try {
      const connection = await connect(
        { url, headers, timeoutMs: openTimeoutMs, signal: this.#closing.signal },
        { onMessage: (message) => this.#receive(message, onMessage), onFailure: onEnd },
      );
      this.#connections.push(connection);
      if (this.#closing.signal.aborted) await this.close();
      return connection;
    } catch (error) {
      throw error instanceof UserError ? this.#redacted(error) : error;
    }
  }

  /** Note what is to be kept of a message. */
  note(event: unknown): void {
    const { subject, clock } = this.#settings;
    const arrivedMs = this.startMs === null ? null : Math.round((clock.nowMs() - this.startMs) * 10) / 10;
    this.log.push({ subject, sentS: this.sentS, arrivedMs, event: JSON.parse(this.#redact(shortened(event))) });
  }

  /** Only the first failure counts: what follows is its consequence. */
  fail(error: UserError): void {
    this.#failure ??= this.#redacted(error);
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Wait for something that a message brings about.
   * @param what is waited for, for people.
   * @throws UserError when it does not come in time, or the session failed.
   */
  async waitFor(isThere: () => boolean, what: string): Promise<void> {
    const { clock, openTimeoutMs } = this.#settings;
    const lastMs = clock.nowMs() + openTimeoutMs;
    for (;;) {
      this.throwIfFailed();
      if (isThere()) return;
      if (clock.nowMs() >= lastMs) {
        throw new UserError(`the server did not send ${what} within ${openTimeoutMs / 1000} s`, {
          hint: 'does it speak this protocol? raise connect_timeout_s if it only loads slowly',
        });
      }
      await clock.until(clock.nowMs() + POLL_MS);
    }
  }

  /** Whatever is under way ends; what comes now is not listened to. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.fail(new UserError('the session is closed'));
    await Promise.all(this.#connections.splice(0).map((connection) => connection.close()));
  }

  #receive(message: Message, onMessage: (message: Message) => void): void {
    if (this.#failure) return;
    const nowMs = this.#settings.clock.nowMs();
    if (nowMs - this.#secondMs >= 1000) {
      this.#secondMs = nowMs;
      this.#messagesOfSecond = 0;
    }
    if (++this.#messagesOfSecond > MOST_MESSAGES_PER_SECOND) {
      this.fail(new UserError(`the server sent more than ${MOST_MESSAGES_PER_SECOND} messages in a second`));
      return void this.close();
    }
    try {
      onMessage(message);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.fail(error);
    }
  }

  #redacted(error: UserError): UserError {
    const { hint, exitCode } = error;
    return new UserError(this.#redact(error.message), {
      ...(hint !== undefined && { hint: this.#redact(hint) }),
      exitCode,
    });
  }

  #redact(text: string): string {
    const { secret } = this.#settings;
    return secret ? text.replaceAll(secret, '<key>') : text;
  }
}

const POLL_MS = 20;

const LONGEST_TEXT = 300;

/** JSON in which long texts, sound for the most part, are replaced by their length. */
function shortened(event: unknown): string {
  return JSON.stringify(event, (_, value) =>
    typeof value === 'string' && value.length > LONGEST_TEXT ? `<${value.length} characters>` : value,
  );
}
