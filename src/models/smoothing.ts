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
 *
 * Numbers stay in arrays from end to end: as arguments, results or fields they would be boxed at every step, and hours
 * of audio would be hours of garbage.
 */
export class Smoother {
  readonly #lowest: SlidingMax;
  readonly #highest: SlidingMax;
  /** −lowest, highest, previous y. */
  readonly #state = new Float64Array(3);

  /** @param onset, release in values, at least 1. */
  constructor(onset: number, release: number) {
    this.#lowest = new SlidingMax(onset);
    this.#highest = new SlidingMax(release);
  }

  /** Before the first value everything was 0: silence. */
  reset(): void {
    this.#state.fill(0);
    this.#lowest.reset();
    this.#highest.reset();
  }

  /** Take the newest value from `values[index]` and leave y in its place. */
  smooth(values: Float64Array, index: number): void {
    const state = this.#state;
    state[0] = -values[index]!;
    state[1] = values[index]!;
    this.#lowest.slide(state, 0);
    this.#highest.slide(state, 1);
    state[2] = Math.max(-state[0]!, Math.min(state[2]!, state[1]!));
    values[index] = state[2]!;
  }
}

/** Maximum of the last `length` values; before the first they were 0. */
class SlidingMax {
  readonly #ring: Float64Array;
  readonly #max = new Float64Array(1);
  #at = 0;

  constructor(length: number) {
    this.#ring = new Float64Array(length);
  }

  reset(): void {
    this.#ring.fill(0);
    this.#max[0] = 0;
  }

  slide(values: Float64Array, index: number): void {
    const ring = this.#ring;
    const max = this.#max;
    const leaving = ring[this.#at]!;
    ring[this.#at] = values[index]!;
    this.#at = (this.#at + 1) % ring.length;
    if (values[index]! >= max[0]!) max[0] = values[index]!;
    else if (leaving === max[0]) max[0] = ring.reduce((a, b) => Math.max(a, b));
    values[index] = max[0]!;
  }
}
