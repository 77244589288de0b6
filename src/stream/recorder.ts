/** What a model answers in one pass: checked step by step, kept as a track. */

import { UserError } from '../core/errors.js';
import type { FloorDecision } from '../core/model.js';
import type { Speaker } from '../core/speaker.js';
import { STEP_S } from '../core/time.js';
import type { FloorTrack, PassTrack, ProbabilitySink } from '../core/tracks.js';

const FORMS = { bit: 'one bit', bits: 'one bit per threshold', probability: 'pFloor' } as const;

/** Probabilities handed to a sink at a time. */
const BLOCK_STEPS = 256;

export class TrackRecorder {
  readonly #subject: Speaker;
  readonly #steps: number;
  readonly #thresholds: readonly number[] | undefined;
  readonly #sink: ProbabilitySink | undefined;
  #form: keyof typeof FORMS | undefined;
  #step = 0;
  /** The last bit and the steps at which it changed: of the one floor, or of one floor per threshold. */
  readonly #bits: number[];
  readonly #edges: number[][];
  /** The whole track, or with a sink the block that is being filled. */
  #pFloor = new Float64Array(0);
  #place = 0;

  /**
   * @param thresholds of a model in sweep mode, checked by `checkThresholds`.
   * @param sink takes the probabilities instead of the track.
   */
  constructor(subject: Speaker, steps: number, thresholds: readonly number[] | undefined, sink?: ProbabilitySink) {
    this.#subject = subject;
    this.#sink = sink;
    this.#steps = steps;
    this.#thresholds = thresholds;
    this.#bits = Array.from({ length: thresholds?.length ?? 1 }, () => 0);
    this.#edges = this.#bits.map(() => []);
  }

  /** @throws UserError naming subject, step and time when the answer is not what the model contract allows. */
  add(answer: FloorDecision): void {
    if (typeof answer === 'number') this.#addBit(answer);
    else if (Array.isArray(answer)) this.#addBits(answer);
    else this.#addProbability(answer as { readonly pFloor: number });
    this.#step++;
  }

  /** The track, after the last step. */
  finish(): PassTrack {
    if (this.#form === 'probability') {
      if (!this.#sink) return { kind: 'probability', pFloor: this.#pFloor };
      this.#sink.push(this.#pFloor.subarray(0, this.#place));
      return { kind: 'streamed' };
    }
    const floors = this.#edges.map((edges): FloorTrack => ({ steps: this.#steps, edges: Int32Array.from(edges) }));
    if (this.#thresholds) return { kind: 'bits', thresholds: [...this.#thresholds], floors };
    return { kind: 'bit', floor: floors[0] as FloorTrack };
  }

  /** The step that is due, for messages. */
  when(): string {
    return `step ${this.#step} (${(this.#step * STEP_S).toFixed(2)} s)`;
  }

  #addBit(bit: number): void {
    if (this.#form !== 'bit') this.#begin('bit', bit);
    if (bit !== 0 && bit !== 1) this.#refuse(bit);
    this.#set(0, bit);
  }

  #addBits(bits: readonly unknown[]): void {
    if (this.#form !== 'bits') this.#begin('bits', bits);
    if (bits.length !== this.#bits.length) {
      this.#fail(`the model answered ${bits.length} bits for ${this.#bits.length} thresholds`);
    }
    for (let index = 0; index < bits.length; index++) {
      const bit = bits[index];
      if (bit !== 0 && bit !== 1) this.#fail(`the model answered ${show(bit)} at index ${index} of its bits`);
      this.#set(index, bit);
    }
  }

  /** Written so that no number is boxed: the value goes from the object straight into the track, and is judged there. */
  #addProbability(answer: { readonly pFloor: number } | null | undefined): void {
    if (typeof answer !== 'object' || answer === null) this.#refuse(answer);
    if (this.#form !== 'probability') {
      if (typeof answer.pFloor !== 'number') this.#refuse(answer);
      this.#begin('probability', answer);
      this.#pFloor = new Float64Array(this.#sink ? BLOCK_STEPS : this.#steps);
    }
    const track = this.#pFloor;
    const place = this.#place;
    track[place] = answer.pFloor;
    if (!(track[place]! >= 0 && track[place]! <= 1) || typeof answer.pFloor !== 'number') this.#refuse(answer);
    this.#place = place + 1;
    if (this.#sink && this.#place === BLOCK_STEPS) {
      this.#sink.push(track);
      this.#place = 0;
    }
  }

  #set(index: number, bit: number): void {
    if (bit === this.#bits[index]) return;
    this.#bits[index] = bit;
    (this.#edges[index] as number[]).push(this.#step);
  }

  /** The first answer fixes the form; it must be the one that the model announced. */
  #begin(form: keyof typeof FORMS, answer: unknown): void {
    if (this.#form !== undefined) {
      this.#fail(`the model answered ${show(answer)} after answering ${FORMS[this.#form]} before`);
    }
    if (form === 'bits' && !this.#thresholds) {
      this.#fail('the model answered a list of bits but has no `thresholds`');
    }
    if (form !== 'bits' && this.#thresholds) {
      const count = this.#thresholds.length;
      this.#fail(`the model has \`thresholds\` but answered ${show(answer)} instead of ${count} bits`);
    }
    this.#form = form;
  }

  #refuse(answer: unknown): never {
    this.#fail(`the model answered ${show(answer)}`);
  }

  #fail(problem: string): never {
    throw new UserError(`${this.when()}, speaker ${this.#subject} as subject: ${problem}`, {
      hint: '`step` answers 0, 1, one 0 or 1 per entry of `thresholds`, or { pFloor } in [0, 1], the same form at every step',
    });
  }
}

/** @throws UserError unless they are ascending numbers in (0, 1), at least one. */
export function checkThresholds(thresholds: readonly number[]): void {
  const problem = () => {
    if (!Array.isArray(thresholds) || thresholds.length === 0) return `${show(thresholds)} is not a list of numbers`;
    const bad = thresholds.find((threshold) => !(threshold > 0 && threshold < 1));
    if (bad !== undefined) return `${show(bad)} is not in (0, 1)`;
    const late = thresholds.findIndex((threshold, i) => i > 0 && threshold <= (thresholds[i - 1] as number));
    return late === -1 ? undefined : `${thresholds[late]} after ${thresholds[late - 1]} is not ascending`;
  };
  const found = problem();
  if (found !== undefined) throw new UserError(`the model's thresholds: ${found}`);
}

/** An answer as a short literal. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`;
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(show).join(', ')}${value.length > 8 ? ', …' : ''}]`;
  if (typeof value === 'object' && value !== null) {
    if ('pFloor' in value) return `{ pFloor: ${show(value.pFloor)} }`;
    return value.constructor === Object ? 'an object without pFloor' : `a ${value.constructor?.name ?? 'object'}`;
  }
  return String(value);
}
