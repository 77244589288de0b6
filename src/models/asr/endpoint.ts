/**
 * When words say that a turn is over. The floor is taken at the first word. It is given back when the hypothesis has
 * been settled for long enough without a new stable word:
 *
 *   words       he  said  so.
 *   unsettled  ░░░░░░░░░░░░░░░       ░░░       tentative words, or speech that no hypothesis covers yet
 *   counted                   ▁▁▁▁▁▁▁   ▁▁▁▁   settled time since the last new word, here 11 steps
 *   P(floor)   1              falls  held falls = silence / (silence + counted)
 *
 * P falls to 0.5 exactly when `silence` has been counted, so at the default threshold that is the rule; a threshold θ
 * stands for a silence of `silence · (1 − θ) / θ`. One pass of recognition thereby serves all silences from 1/19 to 19
 * times the chosen one. P never rises without a new word: what has ended at a threshold stays ended there.
 */

import { endsSentence, type Word } from './words.js';

/** When it was said makes no difference here. */
type HeardWord = Pick<Word, 'text'>;

export interface EndpointSettings {
  /** Settled steps without a new word after which the floor is given back. */
  readonly silence: number;
  /** The same after a word that does not end a sentence. */
  readonly unfinishedSilence: number;
  /** Which words hold the floor: stable ones, or tentative ones too. */
  readonly onset: 'stable' | 'tentative';
}

export class EndpointRule {
  readonly #settings: EndpointSettings;
  #isHeld = false;
  #isNew = false;
  #counted = 0;
  #silence = 1;

  constructor(settings: EndpointSettings) {
    this.#settings = settings;
  }

  reset(): void {
    this.#isHeld = false;
    this.#isNew = false;
    this.#counted = 0;
  }

  /** What the hypotheses of a step have brought. */
  hear(stable: readonly HeardWord[], tentative: readonly HeardWord[]): void {
    const { silence, unfinishedSilence, onset } = this.#settings;
    const last = (onset === 'tentative' ? tentative.at(-1) : undefined) ?? stable.at(-1);
    if (last === undefined) return;
    this.#isHeld = true;
    this.#isNew = true;
    this.#counted = 0;
    this.#silence = endsSentence(last.text) ? silence : unfinishedSilence;
  }

  /**
   * The end of a step, after what was heard in it.
   * @param isSettled no word is tentative, and all speech is recognised.
   * @returns P(floor).
   */
  step(isSettled: boolean): number {
    if (!this.#isHeld) return 0;
    if (isSettled && !this.#isNew) this.#counted++;
    this.#isNew = false;
    return this.#silence / (this.#silence + this.#counted);
  }
}
