/**
 * WebSocket connections to peers. A server that is not there yet is tried again until the time is up; once connected,
 * nothing is ever repaired: silence on the wire, a server that does not keep up and messages without end are failures.
 */

import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { messageOf, UserError } from '../core/errors.js';
import type { Connection, Listener, Message, Target } from './connection.js';
import { proxyAgent } from './proxy.js';

/** bytes. Servers of these protocols send a second or two of audio at a time. */
const LARGEST_MESSAGE = 16 * 2 ** 20;

export interface SocketLimits {
  /** Bytes that the server has left unread, beyond what systems buffer. */
  readonly mostUnsentBytes: number;
  readonly pingEveryMs: number;
  /** A ping waits behind the audio sent before it: this also finds a server that is slower than real time. */
  readonly pongWithinMs: number;
}

/** A megabyte is tens of seconds of audio. */
const LIMITS: SocketLimits = { mostUnsentBytes: 2 ** 20, pingEveryMs: 5000, pongWithinMs: 15_000 };

const RETRY_EVERY_MS = 500;
const GOODBYE_WITHIN_MS = 2000;

export async function connectWebSocket(
  target: Target,
  listener: Listener,
  limits: SocketLimits = LIMITS,
): Promise<Connection> {
  const lastMs = performance.now() + target.timeoutMs;
  for (;;) {
    try {
      return await connectOnce(target, Math.max(1, lastMs - performance.now()), listener, limits);
    } catch (error) {
      if (!(error instanceof ConnectFailure)) throw error;
      const isTooLate = target.signal.aborted || performance.now() + RETRY_EVERY_MS >= lastMs;
      if (!error.mayPass || isTooLate) throw error.reason;
      await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY_MS));
    }
  }
}

class ConnectFailure extends Error {
  readonly reason: UserError;
  /** A server that starts again, or has no room at the moment. */
  readonly mayPass: boolean;

  constructor(reason: UserError, mayPass: boolean) {
    super(reason.message);
    this.reason = reason;
    this.mayPass = mayPass;
  }
}

function connectOnce(
  { url, headers, signal }: Target,
  timeoutMs: number,
  listener: Listener,
  limits: SocketLimits,
): Promise<Connection> {
  const socket = new WebSocket(url, {
    headers,
    agent: proxyAgent(url),
    handshakeTimeout: timeoutMs,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    const { host } = new URL(url);
    const giveUp = () => socket.terminate();
    signal.addEventListener('abort', giveUp);
    socket.once('close', () => signal.removeEventListener('abort', giveUp));
    // Listening from the first moment on: messages may come with the answer to the handshake.
    const live = new LiveSocket(socket, listener, limits);
    socket.once('open', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(live);
    });
    socket.once('unexpected-response', (_, response) => {
      void refusal(host, response).then((failure) => {
        reject(failure);
        socket.terminate();
      });
    });
    socket.once('error', (error) =>
      reject(
        new ConnectFailure(
          new UserError(`no connection to ${host}: ${messageOf(error) || (error as NodeJS.ErrnoException).code}`, {
            hint: 'is the server running, and is the URL right?',
          }),
          !/certificate|self-signed|ENOTFOUND|Invalid/.test(messageOf(error)),
        ),
      ),
    );
  });
}

async function refusal(host: string, response: IncomingMessage): Promise<ConnectFailure> {
  let body = '';
  try {
    for await (const piece of response.setEncoding('utf8')) {
      body += piece;
      if (body.length > 300) break;
    }
  } catch {
    // The status says enough.
  }
  const status = response.statusCode ?? 0;
  const said = body.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  const hint = REFUSALS[status];
  const message = `${host} refused the session: HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  return new ConnectFailure(new UserError(message, { ...(hint && { hint }) }), status === 429 || status >= 500);
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'the key in the environment is missing, wrong or expired',
  403: 'the key in the environment may not do this',
  404: 'is the path of the URL right, and the model name?',
  429: 'too many sessions at once: run fewer conversations (-j)',
};

class LiveSocket implements Connection {
  readonly #socket: WebSocket;
  readonly #listener: Listener;
  readonly #limits: SocketLimits;
  readonly #pinger: NodeJS.Timeout;
  #pingedMs: number | null = null;
  #wasOpen = false;
  #isOver = false;
  /** Told by `error`, which comes before `close` and knows more. */
  #cause = '';

  constructor(socket: WebSocket, listener: Listener, limits: SocketLimits) {
    this.#limits = limits;
    this.#socket = socket;
    this.#listener = listener;
    this.#pinger = setInterval(() => this.#ping(), limits.pingEveryMs);
    socket.binaryType = 'nodebuffer';
    socket.on('open', () => {
      this.#wasOpen = true;
    });
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      const message: Message = isBinary ? bytes : bytes.toString('utf8');
      if (!this.#isOver) listener.onMessage(message);
    });
    socket.on('pong', () => {
      this.#pingedMs = null;
    });
    socket.on('error', (error) => {
      this.#cause = messageOf(error);
    });
    socket.on('close', (code, reason) => {
      // Before that, whoever connects is told.
      if (!this.#wasOpen) return this.#end();
      const why = [this.#cause, reason.toString()].filter(Boolean).join(', ');
      this.#fail(`the server closed the session (code ${code}${why === '' ? '' : `: ${why}`})`);
    });
  }

  send(message: Message): void {
    if (this.#isOver || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(message);
    if (this.#socket.bufferedAmount > this.#limits.mostUnsentBytes) {
      this.#fail(`the server reads slower than real time: ${this.#socket.bufferedAmount} bytes wait for it`);
    }
  }

  close(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    this.#end();
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => this.#socket.terminate(), GOODBYE_WITHIN_MS);
      this.#socket.once('close', () => {
        clearTimeout(giveUp);
        resolve();
      });
      this.#socket.close(1000);
    });
  }

  #ping(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const nowMs = performance.now();
    if (this.#pingedMs === null) {
      this.#pingedMs = nowMs;
      this.#socket.ping();
    } else if (nowMs - this.#pingedMs > this.#limits.pongWithinMs) {
      this.#fail(
        `the server has not answered a ping for ${this.#limits.pongWithinMs / 1000} s: it stalls or is slower than real time`,
      );
    }
  }

  #fail(message: string): void {
    if (this.#isOver) return;
    this.#end();
    this.#socket.terminate();
    this.#listener.onFailure(
      new UserError(message, {
        hint: 'sessions are not continued with a gap: eval --resume RUN --retry-failed runs the conversation again',
      }),
    );
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#pinger);
  }
}
