/**
 * The times at which a model is asked inside a silence: from its start in equal steps, and its end when that is not
 * one of them. All times are rounded to microseconds, so that `0.1 + 0.2` is written 0.3.
 */

/** s. Of the public rule. */
export const GRID_INTERVAL_S = 0.1;

/** s. Times closer than this are one. */
export const TIME_TOLERANCE_S = 1e-6;

export interface TimeGrid {
  /** On the clock of the audio, s, ascending. */
  readonly timesS: readonly number[];
  /** Since the start of the silence, s. */
  readonly silencesS: readonly number[];
}

export function timeGrid(startS: number, endS: number, intervalS = GRID_INTERVAL_S): TimeGrid {
  const whole = Math.floor((endS - startS) / intervalS + TIME_TOLERANCE_S);
  const timesS: number[] = [];
  for (let i = 0; i <= whole; i++) timesS.push(round6(startS + i * intervalS));
  if (timesS.length === 0 || timesS.at(-1)! < endS - TIME_TOLERANCE_S) timesS.push(round6(endS));
  return { timesS, silencesS: timesS.map((timeS) => round6(timeS - startS)) };
}

/**
 * The double nearest to `x` rounded to six decimals, ties of the exact binary value to the even last digit. `toFixed`
 * rounds the exact value but breaks ties upward; ties are exactly the odd multiples of 1/128.
 */
export function round6(x: number): number {
  if (Math.abs((x * 128) % 2) !== 1) return Number(x.toFixed(6));
  // x·10⁶ is a whole number and a half, exact below 2⁵³.
  const below = Math.floor(x * 1e6);
  return (below % 2 === 0 ? below : below + 1) / 1e6;
}
