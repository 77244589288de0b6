/**
 * A time limit for promises that follow one another. One timer serves them all: it is restarted for each promise and
 * never cleared in between, which costs a tenth of making a timer per promise.
 */

import { UserError } from '../core/errors.js';

export class Deadline {
  readonly #limitS: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#reject?.(this.#signal?.reason);
  #timer: NodeJS.Timeout | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  /**
   * @param limitS s of real time for each promise.
   * @param signal ends the waiting at once: nobody who asks to stop wants to wait for the limit.
   */
  constructor(limitS: number, signal?: AbortSignal) {
    this.#limitS = limitS;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
  }

  /**
   * The promise's own outcome, if it comes in time.
   * @throws UserError after the limit, or the reason of the signal. The promise itself cannot be stopped; its later
   *   outcome is ignored.
   */
  settle<T>(promise: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      if (this.#timer) this.#timer.refresh();
      else this.#timer = setTimeout(() => this.#expire(), Math.min(this.#limitS * 1000, LONGEST_TIMEOUT_MS));
      promise.then(resolve, reject);
      if (this.#signal?.aborted) this.#onAbort();
    });
  }

  /** Let go of the timer, which would keep the process alive, and of the signal. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Without effect when the last promise has settled. */
  #expire(): void {
    this.#reject?.(
      new UserError(`no answer within ${this.#limitS} s`, {
        hint: 'if the model is only slow, raise the step deadline; otherwise it waits for something that never comes',
      }),
    );
  }
}

/** What a 32-bit timer can hold: 24 days. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** True of anything with a `then`. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
