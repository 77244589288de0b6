/**
 * The commit rule of probability files (scoring specification, section 7): an event is a rise of the probability
 * above the threshold, unless it follows the last committed one within the refractory time. A suppressed rise does
 * not extend the refractory time, and staying above never fires again.
 */

import { requireAscending } from './thresholds.js';

/** s. What the public sweep uses. */
export const SWEEP_REFRACTORY_S = 2;

/** Whole frames, at least one, halves to even: 2 s at 31.25 Hz are 62. */
export function refractoryFrames(frameRateHz: number, refractoryS: number): number {
  return Math.max(1, roundHalfToEven(refractoryS * frameRateHz));
}

/**
 * @param prob one value per frame, in [0, 1].
 * @returns times of committed events, s, strictly increasing: the end of the frame, `(i + 1) / frameRateHz`.
 */
export function commitEvents(
  prob: ArrayLike<number>,
  frameRateHz: number,
  threshold: number,
  refractoryS: number,
): number[] {
  return commitAtThresholds(prob, frameRateHz, [threshold], refractoryS)[0]!;
}

/**
 * The committed events at every threshold, from one walk: a frame concerns only the thresholds that it rises above.
 * @param thresholds strictly ascending.
 * @throws Error when the thresholds are not.
 */
export function commitAtThresholds(
  prob: ArrayLike<number>,
  frameRateHz: number,
  thresholds: readonly number[],
  refractoryS: number,
): number[][] {
  requireAscending(thresholds);
  const refractory = refractoryFrames(frameRateHz, refractoryS);
  const events: number[][] = thresholds.map(() => []);
  const lastFrame = new Float64Array(thresholds.length).fill(Number.NEGATIVE_INFINITY);
  let exceeded = 0;
  for (let frame = 0; frame < prob.length; frame++) {
    const p = prob[frame]!;
    for (; exceeded < thresholds.length && p > thresholds[exceeded]!; exceeded++) {
      if (frame - lastFrame[exceeded]! < refractory) continue;
      lastFrame[exceeded] = frame;
      events[exceeded]!.push((frame + 1) / frameRateHz);
    }
    while (exceeded > 0 && !(p > thresholds[exceeded - 1]!)) exceeded--;
  }
  return events;
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
