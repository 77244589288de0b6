/** The newest samples of a channel that never ends, in memory of fixed size. */
export class AudioHistory {
  readonly #kept: number;
  readonly #samples: Float32Array;
  /** Of `#samples`, how many are filled. */
  #filled = 0;
  /** Samples heard since the beginning. */
  #end = 0;

  /** @param kept how many samples back `view` may reach */
  constructor(kept: number) {
    this.#kept = kept;
    // Twice as many, so that samples move to the front only once in a while and a view is always in one piece.
    this.#samples = new Float32Array(2 * kept);
  }

  /** Position after the newest sample; the first sample is at 0. */
  get end(): number {
    return this.#end;
  }

  reset(): void {
    this.#filled = 0;
    this.#end = 0;
  }

  /** @param samples copied; at most as many as are kept */
  push(samples: Float32Array): void {
    if (this.#filled + samples.length > this.#samples.length) {
      this.#samples.copyWithin(0, this.#filled - this.#kept, this.#filled);
      this.#filled = this.#kept;
    }
    this.#samples.set(samples, this.#filled);
    this.#filled += samples.length;
    this.#end += samples.length;
  }

  /**
   * Samples at positions `from` to before `to`; valid until the next push.
   * @throws Error when they have not come yet or are not kept any more.
   */
  view(from: number, to: number): Float32Array {
    if (from < Math.max(0, this.#end - this.#kept) || to > this.#end || from > to) {
      throw new Error(`no samples ${from} to ${to}: ${this.#end} were heard, ${this.#kept} are kept`);
    }
    const start = this.#filled - this.#end;
    return this.#samples.subarray(start + from, start + to);
  }
}
