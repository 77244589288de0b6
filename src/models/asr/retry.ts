/** Asking a service again: what may pass is tried again, what will not is not, and nothing is forgotten silently. */

import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../core/errors.js';
import type { OnRetry } from './transcriber.js';

export type Attempt<T> = { readonly value: T } | FailedAttempt;

export interface FailedAttempt {
  /** What went wrong, without secrets. */
  readonly problem: string;
  /** It may go better the next time. */
  readonly mayPass: boolean;
  /** What the service asks to wait, s. */
  readonly waitS?: number;
  readonly hint?: string;
}

export interface RetrySettings {
  /** Attempts after the first one. */
  readonly retries: number;
  /** Before the second attempt, doubled before each further one, s. */
  readonly delayS: number;
  /** Ends the waiting; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Told of every attempt that is made again. */
  readonly onRetry: OnRetry;
}

/** A service may ask for minutes; a conversation does not wait for them, s. */
const LONGEST_WAIT_S = 10;

/** @throws UserError with the last problem when it cannot pass, or all attempts have failed. */
export async function withRetries<T>(
  attempt: () => Promise<Attempt<T>>,
  { retries, delayS, signal, onRetry }: RetrySettings,
): Promise<T> {
  for (let made = 1; ; made++) {
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    signal.throwIfAborted();
    const { problem, mayPass, waitS = 0, hint } = outcome;
    if (!mayPass || made > retries) {
      const often = made > 1 ? ` (attempt ${made} of ${retries + 1})` : '';
      throw new UserError(`${problem}${often}`, hint === undefined ? {} : { hint });
    }
    onRetry(problem, made);
    await wait(1000 * Math.min(LONGEST_WAIT_S, Math.max(waitS, delayS * 2 ** (made - 1))), undefined, { signal });
  }
}
