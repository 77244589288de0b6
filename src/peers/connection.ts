/** How messages get to a server and back, without saying by which means: sockets in use, memory in tests. */

import type { UserError } from '../core/errors.js';

export type Message = string | Uint8Array;

export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long may be tried, ms. A server that is just starting again is waited for. */
  readonly timeoutMs: number;
  /** Nobody waits for the connection any more. */
  readonly signal: AbortSignal;
}

export interface Connection {
  /** Without effect once the connection is over. */
  send(message: Message): void;
  /** Say goodbye and wait for the answer, not for long. Never throws. */
  close(): Promise<void>;
}

export interface Listener {
  onMessage(message: Message): void;
  /** The connection is of no more use, and nobody asked for its end. Called once at most. */
  onFailure(error: UserError): void;
}

/** @throws UserError when the server cannot be reached in time or refuses. */
export type Connect = (target: Target, listener: Listener) => Promise<Connection>;
