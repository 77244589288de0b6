/**
 * What a listener would hear of a system's output: every chunk begins when it has arrived and the one before is over.
 *
 *   arrives    a    b                 c
 *   heard      |-a-----|-b-----|      |-c----|
 */

import type { Interval } from '../core/gold.js';

export class Playback {
  readonly #heard: { startS: number; endS: number }[] = [];

  /** @param arrivedS not before that of any earlier chunk. */
  add(arrivedS: number, durationS: number): void {
    const last = this.#heard.at(-1);
    const startS = Math.max(arrivedS, last?.endS ?? 0);
    if (durationS <= 0) return;
    if (last && startS === last.endS) last.endS += durationS;
    else this.#heard.push({ startS, endS: startS + durationS });
  }

  /** What was to be heard from now on is thrown away. */
  cut(nowS: number): void {
    for (let last = this.#heard.at(-1); last && last.endS > nowS; last = this.#heard.at(-1)) {
      if (last.startS < nowS) last.endS = nowS;
      else this.#heard.pop();
    }
  }

  /** When the last of it is over, s; 0 before there was any. */
  get endS(): number {
    return this.#heard.at(-1)?.endS ?? 0;
  }

  get intervals(): readonly Interval[] {
    return this.#heard;
  }
}
