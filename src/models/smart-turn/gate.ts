/**
 * When to ask whether a turn is over, what to show the network, and what to answer in between: one channel of speech
 * probabilities in, P(floor) out. The gate does not know what is evaluated, audio or audio with video.
 *
 * Everything is counted in chunks of the VAD (32 ms of audio), never on a clock. Speech that lasts `start` chunks
 * begins a turn (or goes on with it), silence that lasts `stop` chunks asks for an evaluation; later chunks of the
 * same silence may ask again, and after `force` chunks the turn is over whatever was answered.
 *
 *     speech    ___######_______________________________####___
 *     P(floor)  000001111111111111·······················11111…    · = 1 − P(complete), newest evaluation
 *                    ^start     ^stop, evaluated         ^start       (0 from `force` on)
 *
 * P(floor) is 1 from the start of speech until the first evaluation, then 1 − P(complete) until the next evaluation,
 * the forced completion (0) or the next start of speech (1). Before the first turn it is 0. So P(floor) > θ says "not
 * complete at the completion threshold 1 − θ", and one pass can be read at every θ. What that equals:
 *
 * - The moments of evaluation never depend on an answer, with one exception: where incomplete turns are kept,
 *   repeated evaluations of a silence end with the first "complete".
 * - Where they are not kept (policy `turnbench`), speech after an evaluation is a new turn whatever was answered.
 *   Nothing in the gate depends on answers, and reading the pass at θ *is* the gate run at 1 − θ, for every θ.
 * - Where they are kept (policy `pipecat`), the audio of a turn found incomplete is in the next window, that of a turn
 *   found complete is not. A single pass can do one of the two: it follows the answers at `completionThreshold`, so at
 *   θ = 1 − completionThreshold it is the gate, exactly. At another θ it is the same until an answer falls between the
 *   two thresholds; from there on the windows of that θ would begin earlier or later, until both agree that a turn is
 *   over, or the newest 8 s begin after both. An exact number at another threshold is a run with another
 *   `completionThreshold`.
 */

import { CHUNK } from '../silero-network.js';

export interface GateSettings {
  /** Speech is P(speech) above this. */
  readonly vadThreshold: number;
  /** Chunks of speech in a row that start a turn, at least 1. */
  readonly start: number;
  /** Chunks of silence in a row that ask for an evaluation, at least 1. */
  readonly stop: number;
  /** Samples before the speech that belong to the window. */
  readonly preSpeechSamples: number;
  /** Evaluate again every so many chunks of silence; 0 = once. */
  readonly repeatEvery: number;
  /** Chunks after the first evaluation up to which it is repeated. */
  readonly repeatFor: number;
  /** Chunks after the first evaluation at which the turn is over in any case; 0 = never. */
  readonly force: number;
  /** A turn found incomplete goes on, with its audio, when speech does. */
  readonly keepIncomplete: boolean;
  /** A turn is complete when P(complete) is at least this: the complement of `floor = P(floor) > θ`. */
  readonly completionThreshold: number;
}

export class TurnGate {
  readonly #settings: GateSettings;
  #phase: 'quiet' | 'speaking' | 'silent' = 'quiet';
  /** Chunks heard, and how many of the newest are speech, or silence. */
  #chunks = 0;
  #speech = 0;
  #silence = 0;
  /** Chunks since the first evaluation. */
  #waited = 0;
  /** The next speech belongs to the same turn. */
  #isOpen = false;
  #turnStart = 0;
  /** Samples before this belong to turns that are over. */
  #heardUpTo = 0;
  #pFloor = 0;

  constructor(settings: GateSettings) {
    this.#settings = settings;
  }

  get pFloor(): number {
    return this.#pFloor;
  }

  /** Somebody is speaking: an evaluation of the audio from `turnStart` on will come. */
  get isSpeaking(): boolean {
    return this.#phase === 'speaking';
  }

  /** Position of the first sample of the current turn, pre-speech included. */
  get turnStart(): number {
    return this.#turnStart;
  }

  reset(): void {
    this.#phase = 'quiet';
    this.#chunks = 0;
    this.#speech = 0;
    this.#silence = 0;
    this.#isOpen = false;
    this.#heardUpTo = 0;
    this.#pFloor = 0;
  }

  /**
   * The next chunk.
   * @returns true when the turn is to be evaluated now; `evaluated` comes before the next chunk.
   */
  push(pSpeech: number): boolean {
    const { vadThreshold, start, stop } = this.#settings;
    const isSpeech = pSpeech > vadThreshold;
    this.#chunks++;
    this.#speech = isSpeech ? this.#speech + 1 : 0;
    this.#silence = isSpeech ? 0 : this.#silence + 1;
    if (this.#phase !== 'speaking') {
      if (this.#speech >= start) return this.#begin();
      return this.#phase === 'silent' && this.#wait();
    }
    if (this.#silence < stop) return false;
    this.#phase = 'silent';
    this.#waited = 0;
    return true;
  }

  evaluated(pComplete: number): void {
    const { keepIncomplete, completionThreshold } = this.#settings;
    this.#pFloor = 1 - pComplete;
    if (keepIncomplete && this.#pFloor > 1 - completionThreshold) return;
    this.#isOpen = false;
    this.#heardUpTo = this.#chunks * CHUNK;
  }

  #begin(): false {
    if (!this.#isOpen) {
      const speechStart = (this.#chunks - this.#speech) * CHUNK;
      this.#turnStart = Math.max(speechStart - this.#settings.preSpeechSamples, this.#heardUpTo);
    }
    this.#phase = 'speaking';
    this.#isOpen = true;
    this.#pFloor = 1;
    return false;
  }

  /** Another chunk since the first evaluation, without a new start of speech. */
  #wait(): boolean {
    const { repeatEvery, repeatFor, force, keepIncomplete } = this.#settings;
    this.#waited++;
    if (force > 0 && this.#waited >= force) {
      if (this.#isOpen) this.#heardUpTo = this.#chunks * CHUNK;
      this.#isOpen = false;
      this.#phase = 'quiet';
      this.#pFloor = 0;
      return false;
    }
    const isDue = repeatEvery > 0 && this.#waited <= repeatFor && this.#waited % repeatEvery === 0;
    return isDue && (this.#isOpen || !keepIncomplete);
  }
}
