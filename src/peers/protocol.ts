/** What differs between servers: how a session is opened, what it is sent, and what its answers say of the floor. */

import type { Interval } from '../core/gold.js';
import type { Line } from './line.js';

export interface Protocol {
  /** Hz. */
  readonly inputSampleRate: number;
  /**
   * Open a session that hears one subject. Resolves when the server is ready to hear.
   * @throws UserError when it does not come to that.
   */
  open(line: Line): Promise<Session>;
}

export interface Session {
  /** Send the next 20 ms. `line.sentS` is already their end. The buffer is reused. */
  hear(samples: Float32Array): void;
  /** The subject's floor when the step that ends at `line.sentS` is over. Called once per step. */
  floor(): 0 | 1;
  /** All audio was sent. */
  end?(): void;
  /** What is done after the end: silence is sent on, or there is only something to wait for. */
  readonly afterEnd: 'silence' | 'nothing';
  /** True when nothing more is to be expected, so that the wait after the end may be shorter. */
  isDone?(): boolean;
  /** Take leave in the manner of the protocol, before the connection is closed. */
  close?(): Promise<void>;
  /** When the system was audible, s. Absent where it does not speak. */
  agent?(): readonly Interval[];
}

/**
 * A floor that shows at most one change per step. What arrives bundled, because the network held it back, is shown on
 * the steps that follow: late by 20 ms each, but not lost.
 */
export class FloorChanges {
  readonly #coming: (0 | 1)[] = [];
  #shown: 0 | 1 = 0;

  set(floor: 0 | 1): void {
    if (floor !== (this.#coming.at(-1) ?? this.#shown)) this.#coming.push(floor);
  }

  /** What will be shown when everything is. */
  get last(): 0 | 1 {
    return this.#coming.at(-1) ?? this.#shown;
  }

  next(): 0 | 1 {
    this.#shown = this.#coming.shift() ?? this.#shown;
    return this.#shown;
  }
}
