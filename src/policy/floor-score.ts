/**
 * P(end of turn) = 1 − P(floor) of a track as a run keeps it: per step, how many thresholds P(floor) exceeds. A step is
 * known to lie between two of them, and is given the middle. So a score exceeds the policy threshold θ exactly where the
 * floor at 1 − θ is 0, that is where P(floor) ≤ 1 − θ. What exceeds every threshold counts as certain.
 */

import type { EotTrack } from './predictions.js';

/** @param thresholds of P(floor), ascending; null where a level is the floor bit itself. */
export function trackOfLevels(levels: ArrayLike<number>, thresholds: readonly number[] | null): EotTrack {
  const scores = thresholds === null ? Float64Array.of(1, 0) : scorePerLevel(thresholds);
  return { steps: levels.length, at: (step) => scores[levels[step]!]! };
}

/** A track that was kept whole. */
export function trackOfProbabilities(pFloor: ArrayLike<number>): EotTrack {
  return { steps: pFloor.length, at: (step) => 1 - pFloor[step]! };
}

/** Policy thresholds that such levels can tell apart; 0 and 1 always, and everything where there are only bits. */
export function toldApart(policyThresholds: readonly number[], thresholds: readonly number[] | null): number[] {
  if (thresholds === null) return [...policyThresholds];
  const told = (theta: number) => thresholds.some((threshold) => Math.abs(1 - theta - threshold) < TOLERANCE);
  return policyThresholds.filter((theta) => theta === 0 || theta === 1 || told(theta));
}

const TOLERANCE = 1e-9;

function scorePerLevel(thresholds: readonly number[]): Float64Array {
  const count = thresholds.length;
  return Float64Array.from({ length: count + 1 }, (_, level) =>
    level === count ? 0 : 1 - ((thresholds[level - 1] ?? 0) + thresholds[level]!) / 2,
  );
}
