/** The number model of gold (scoring specification, section 0): four decimals of the exact binary value. */

/**
 * The double nearest to `x` rounded to four decimals, ties to the even last digit.
 *
 * Multiplying by 1e4 rounds once before the rounding that is meant, so it may only be trusted away from a tie. There
 * `toFixed` decides on the exact value; it breaks true ties upward, and those are exactly the odd multiples of 1/32.
 */
export function round4(x: number): number {
  const scaled = x * 1e4;
  const nearest = Math.round(scaled);
  // Below 1e8 the product is off by less than 1e-3 of a unit.
  if (Math.abs(scaled - nearest) < 0.499 && Math.abs(x) < 1e8) return nearest / 1e4;
  if ((x * 32) % 2 === 1 || (x * 32) % 2 === -1) {
    const below = Math.floor(scaled);
    return (below % 2 === 0 ? below : below + 1) / 1e4;
  }
  return Number(x.toFixed(4));
}

/** Of three values the middle one, of two half their sum. */
export function median(a: number, b: number, c?: number): number {
  return c === undefined ? (a + b) / 2 : Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
