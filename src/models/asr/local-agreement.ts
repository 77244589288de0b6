/**
 * LocalAgreement-2: words are stable as soon as two successive hypotheses agree on them. Of what follows the stable
 * words in the newest hypothesis, the longest common prefix with what followed them in the hypothesis before becomes
 * stable; the rest is tentative. Texts must be equal to the letter, case and punctuation included.
 *
 * All times are s since the start of the conversation. They come from the audio that was handed over, never from sums
 * over words, so that no silence shifts them.
 */

import { repeatedWords, SEAM_WORDS } from './seam.js';
import { bareText, spread, type Transcript, type Word } from './words.js';

/** A word that starts so much later than the last one before the kept audio cannot be its repetition, s. */
const SEAM_S = 1;

export class LocalAgreement {
  /** Stable words before the kept audio, as many as may be repeated; then those in it. */
  #before: Word[] = [];
  #kept: Word[] = [];
  #tentative: readonly Word[] = [];

  /** What the newest hypothesis says after the stable words. */
  get tentative(): readonly Word[] {
    return this.#tentative;
  }

  /** Stable words that the kept audio holds. */
  get kept(): readonly Word[] {
    return this.#kept;
  }

  /** Other audio follows: nothing of what was heard so far will be heard again. */
  restart(): void {
    this.#before = [];
    this.#kept = [];
    this.#tentative = [];
  }

  /**
   * The next hypothesis about all of the kept audio.
   * @param untilS end of that audio.
   * @returns the words that became stable.
   */
  insert({ words, isTimed }: Transcript, untilS: number): readonly Word[] {
    const fresh = this.#onward(words.slice(this.#repeatedBy(words)), isTimed, untilS);
    const before = this.#tentative;
    const differs = fresh.findIndex((word, i) => word.text !== before[i]?.text);
    const agreed = differs < 0 ? fresh : fresh.slice(0, differs);
    this.#kept.push(...agreed);
    this.#tentative = fresh.slice(agreed.length);
    return agreed;
  }

  /** Nothing more will be heard that could confirm them: all tentative words, or those that end by a time. */
  flush(untilS = Number.POSITIVE_INFINITY): readonly Word[] {
    const after = this.#tentative.findIndex((word) => word.endS > untilS);
    const flushed = after < 0 ? this.#tentative : this.#tentative.slice(0, after);
    this.#tentative = this.#tentative.slice(flushed.length);
    this.#kept.push(...flushed);
    return flushed;
  }

  /** Audio before this is not kept any more. */
  trim(fromS: number): void {
    const first = this.#kept.findIndex((word) => word.endS > fromS);
    const gone = this.#kept.splice(0, first < 0 ? this.#kept.length : first);
    this.#before = [...this.#before, ...gone].slice(-SEAM_WORDS);
  }

  #repeatedBy(words: readonly Word[]): number {
    const last = this.#before.at(-1);
    const isNear = last !== undefined && words[0] !== undefined && words[0].startS - last.endS < SEAM_S;
    const before = isNear ? this.#before : [];
    const settled = [...before, ...this.#kept].map(({ text }) => bareText(text));
    return repeatedWords(
      settled,
      before.length,
      words.map(({ text }) => bareText(text)),
    );
  }

  /** Words do not go back in time; those without times of their own fill what is left. */
  #onward(words: readonly Word[], isTimed: boolean, untilS: number): readonly Word[] {
    const fromS = (this.#kept.at(-1) ?? this.#before.at(-1))?.endS;
    if (fromS === undefined) return words;
    if (!isTimed) return spread(words.map(({ text }) => text).join(' '), fromS, Math.max(fromS, untilS));
    return words.map(({ text, startS, endS }) => {
      const start = Math.max(startS, fromS);
      return { text, startS: start, endS: Math.max(endS, start) };
    });
  }
}
