/** An optimum at the edge of the thresholds that were tried is not known to be one: a better one may lie beyond. */

export interface GridEdge {
  readonly side: 'lowest' | 'highest';
  /** Thresholds worth trying next, `low:high:step`: from the last neighbour to close to the end of (0, 1). */
  readonly next: string;
}

/**
 * @param thresholds all that were tried, ascending, each in (0, 1).
 * @param chosen one of them.
 * @returns undefined when it has neighbours on both sides, or when it is the only one.
 */
export function gridEdge(thresholds: readonly number[], chosen: number): GridEdge | undefined {
  const last = thresholds.length - 1;
  if (last < 1) return undefined;
  if (chosen === thresholds[last]) {
    const decimals = decimalsWithin(1 - chosen);
    const step = 10 ** -decimals;
    return {
      side: 'highest',
      next: `${thresholds[last - 1]}:${(1 - step).toFixed(decimals)}:${step.toFixed(decimals)}`,
    };
  }
  if (chosen !== thresholds[0]) return undefined;
  const step = (10 ** -decimalsWithin(chosen)).toFixed(decimalsWithin(chosen));
  return { side: 'lowest', next: `${step}:${thresholds[1]}:${step}` };
}

/** Of the largest power of ten that goes at least twice into the room that is left. */
function decimalsWithin(room: number): number {
  // A hair of slack: 1 − 0.98 is a little more than 0.02.
  return Math.ceil(-Math.log10(room / 2) - 1e-9);
}
