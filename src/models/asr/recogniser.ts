/**
 * The online loop around a recogniser that only knows whole pieces of audio: it is asked again and again about the
 * audio that is kept, and LocalAgreement makes a stream of stable words of its answers.
 *
 * Everything happens in audio time. A question is asked on the step that completes a chunk, about audio up to the end
 * of that step, and its answer is there on that step: computing is free here, as for every model that is not timed.
 * Positions are samples since the start of the conversation, so that times cannot drift.
 */

import { AudioHistory } from '../../dsp/audio-history.js';
import { LocalAgreement } from './local-agreement.js';
import type { Transcript, Word } from './words.js';

/** Hz. */
export const ASR_RATE = 16_000;

/** All in samples. */
export interface RecogniserSettings {
  /** New audio between two questions. */
  readonly chunk: number;
  /** Audio is trimmed when more than this is kept … */
  readonly longest: number;
  /** … to about this much. */
  readonly trimmed: number;
  /** A stretch with less speech is noise, and not recognised. */
  readonly shortest: number;
  /** So much silence ends a stretch of speech. */
  readonly quiet: number;
  /** Kept before the step in which speech is found. At most `longest`. */
  readonly lead: number;
}

/** @param fromS where in the conversation the samples begin, for messages. */
export type Transcribe = (samples: Float32Array, fromS: number) => Promise<Transcript>;

/** What the hypotheses of one step have brought. */
export interface HeardWords {
  readonly stable: readonly Word[];
  readonly tentative: readonly Word[];
}

export class OnlineRecogniser {
  readonly #settings: RecogniserSettings;
  readonly #transcribe: Transcribe;
  readonly #history: AudioHistory;
  readonly #agreement = new LocalAgreement();
  /** Speech is being heard, or silence not for long enough yet. */
  #isOpen = false;
  /** Start of the kept audio. */
  #from = 0;
  /** End of the audio of the last question. */
  #asked = 0;
  /** Speech in this stretch, and where the last of it ended. */
  #speech = 0;
  #speechEnd = 0;

  constructor(settings: RecogniserSettings, transcribe: Transcribe) {
    const { longest, chunk, quiet } = settings;
    this.#settings = settings;
    this.#transcribe = transcribe;
    this.#history = new AudioHistory(longest + chunk + quiet);
  }

  /** Nothing is tentative, and no speech waits to be recognised. */
  get isSettled(): boolean {
    return this.#agreement.tentative.length === 0 && !(this.#isOpen && this.#speechEnd > this.#asked);
  }

  reset(): void {
    this.#history.reset();
    this.#agreement.restart();
    this.#isOpen = false;
    this.#from = 0;
    this.#asked = 0;
    this.#speechEnd = 0;
  }

  /**
   * The next step.
   * @param isSpeech undefined where nobody knows: then everything is recognised and nothing flushed.
   * @returns what was heard, when the recogniser was asked or words were flushed.
   * @throws whatever the recogniser throws.
   */
  push(samples: Float32Array, isSpeech: boolean | undefined): Promise<HeardWords> | undefined {
    const { chunk, shortest, quiet } = this.#settings;
    const history = this.#history;
    history.push(samples);
    if (isSpeech !== false) {
      if (!this.#isOpen) this.#open(history.end - samples.length);
      if (isSpeech) this.#speechEnd = history.end;
      this.#speech += samples.length;
    }
    if (!this.#isOpen) return undefined;
    if (isSpeech === false && history.end - this.#speechEnd >= quiet) return this.#close();
    return history.end - this.#asked >= chunk && this.#speech >= shortest ? this.#ask() : undefined;
  }

  #open(at: number): void {
    this.#isOpen = true;
    this.#speech = 0;
    this.#from = Math.max(0, this.#asked, at - this.#settings.lead);
    this.#asked = this.#from;
    this.#agreement.restart();
  }

  /** Silence: ask once more where speech was not heard yet, then no further hypothesis can confirm anything. */
  async #close(): Promise<HeardWords> {
    const isNew = this.#speechEnd > this.#asked && this.#speech >= this.#settings.shortest;
    const heard = isNew ? await this.#ask() : { stable: [] };
    this.#isOpen = false;
    this.#asked = this.#history.end;
    return { stable: [...heard.stable, ...this.#agreement.flush()], tentative: [] };
  }

  async #ask(): Promise<HeardWords> {
    const from = this.#from;
    const end = this.#history.end;
    this.#asked = end;
    const { words, isTimed } = await this.#transcribe(this.#history.view(from, end), from / ASR_RATE);
    const placed = words.map(({ text, startS, endS }) => ({
      text,
      startS: from / ASR_RATE + startS,
      endS: from / ASR_RATE + endS,
    }));
    const agreed = this.#agreement.insert({ words: placed, isTimed }, end / ASR_RATE);
    const lost = this.#trim(end);
    return { stable: [...agreed, ...lost], tentative: this.#agreement.tentative };
  }

  /** Cut between two stable words where there are any. @returns words that no further hypothesis can confirm. */
  #trim(end: number): readonly Word[] {
    const { longest, trimmed } = this.#settings;
    if (end - this.#from <= longest) return [];
    const latest = end - trimmed;
    const ends = this.#agreement.kept.map((word) => Math.round(word.endS * ASR_RATE));
    // Kept from there on, it must not be too long again at once.
    const between = ends.findLast((at) => at <= latest && end - at <= (longest + trimmed) / 2);
    this.#from = between ?? latest;
    const lost = this.#agreement.flush(this.#from / ASR_RATE);
    this.#agreement.trim(this.#from / ASR_RATE);
    return lost;
  }
}
