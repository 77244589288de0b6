/**
 * The standard normal distribution, with small relative error in the tails as well.
 *
 * The tail Q(x) = P(X > x) is, near the middle, ½ less the series φ(x)·(x + x³/3 + x⁵/(3·5) + …) (G. Marsaglia:
 * Evaluating the Normal Distribution, Journal of Statistical Software 11(4), 2004), and further out Laplace's continued
 * fraction φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))).
 *
 * Its inverse is found by Newton's method on ln Q. As Q(x) ≤ ½·exp(−x²/2), the start √(−2·ln 2p) is not left of the
 * solution; as ln Q is concave and falls, every step from the right stays on the right. It cannot overshoot.
 */

/** From here on the continued fraction converges fast. */
const FRACTION_FROM = 3;
/** More than both expansions need for double precision. */
const TERMS = 200;
const MAX_NEWTON_STEPS = 50;

/** P(X ≤ x). */
export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

/**
 * The x for which P(X ≤ x) is the level.
 * @param level in [0, 1]; its ends are −∞ and ∞.
 */
export function normalQuantile(level: number): number {
  return level < 0.5 ? -tailQuantile(level) : tailQuantile(1 - level);
}

/** @param x at least 0. */
function upperTail(x: number): number {
  if (x < FRACTION_FROM) {
    let term = x;
    let sum = x;
    for (let k = 3; term > sum * Number.EPSILON; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - density(x) * sum;
  }
  let fraction = x;
  for (let k = TERMS; k > 0; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

/** @param tail in [0, 0.5]. */
function tailQuantile(tail: number): number {
  if (tail === 0) return Number.POSITIVE_INFINITY;
  let x = Math.sqrt(-2 * Math.log(2 * tail));
  for (let step = 0; step < MAX_NEWTON_STEPS; step++) {
    const value = upperTail(x);
    const next = x + (Math.log(value / tail) * value) / density(x);
    if (!(next < x)) return x;
    x = next;
  }
  return x;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
