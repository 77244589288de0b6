/**
 * Debouncing of a floor probability, in audio time.
 *
 * At one threshold θ the rule is a switch: it turns on when the last `onset` values were all above θ, off when the
 * last `release` values were all at or below it, and otherwise stays as it is. Both windows include the newest value,
 * so 1 and 1 is no smoothing. The filter answers one number whose comparison with any θ is that switch at that θ:
 *
 *     y = max(min of the last `onset`, min(previous y, max of the last `release`))
 *
 * because min, max and comparison with θ commute. One inference can therefore be swept over all thresholds after
 * smoothing. With `onset` 1 it is the sliding maximum.
 */
export class Smoother {
  readonly #lowest: SlidingMax;
  readonly #highest: SlidingMax;
  #value = 0;

  /** @param onset, release in values, at least 1. */
  constructor(onset: number, release: number) {
    this.#lowest = new SlidingMax(onset);
    this.#highest = new SlidingMax(release);
  }

  /** Before the first value everything was 0: silence. */
  reset(): void {
    this.#value = 0;
    this.#lowest.reset();
    this.#highest.reset();
  }

  push(value: number): number {
    const lowest = -this.#lowest.push(-value);
    const highest = this.#highest.push(value);
    this.#value = Math.max(lowest, Math.min(this.#value, highest));
    return this.#value;
  }
}

/** Maximum of the last `length` values; before the first they were 0. */
class SlidingMax {
  readonly #ring: Float64Array;
  #at = 0;
  #max = 0;

  constructor(length: number) {
    this.#ring = new Float64Array(length);
  }

  reset(): void {
    this.#ring.fill(0);
    this.#max = 0;
  }

  push(value: number): number {
    const ring = this.#ring;
    const leaving = ring[this.#at]!;
    ring[this.#at] = value;
    this.#at = (this.#at + 1) % ring.length;
    if (value >= this.#max) this.#max = value;
    else if (leaving === this.#max) this.#max = ring.reduce((a, b) => Math.max(a, b));
    return this.#max;
  }
}
