/**
 * The one clock. The harness ticks in steps of 20 ms; step `i` covers `[i·0.02, (i+1)·0.02)` s of audio and what is
 * decided after it is stamped with its end. Seconds, steps and samples are converted here and nowhere else.
 */

import { UserError } from './errors.js';

/** Hz. */
export const STEPS_PER_SECOND = 50;

/** s. */
export const STEP_S = 1 / STEPS_PER_SECOND;

/**
 * When a decision after step `stepIndex` is heard, s. One division, as in the public commit rule `(i + 1) / f`, so
 * that a floor track and a 50 Hz probability file give the same doubles.
 */
export function stepEndS(stepIndex: number): number {
  return (stepIndex + 1) / STEPS_PER_SECOND;
}

/** Middle of step `stepIndex`, s: where the gold floor is read. */
export function stepMidpointS(stepIndex: number): number {
  return (stepIndex + 0.5) / STEPS_PER_SECOND;
}

/** The first step that ends after `timeS`: steps ending in `(a, b]` are those from this of a to before this of b. */
export function firstStepEndingAfter(timeS: number): number {
  let step = Math.max(0, Math.floor(timeS * STEPS_PER_SECOND));
  // The product may be off by a rounding; the comparison is what counts.
  while (step > 0 && stepEndS(step - 1) > timeS) step--;
  while (stepEndS(step) <= timeS) step++;
  return step;
}

/** The first step whose middle is at or after `timeS`: steps inside `[a, b)` are those from this of a to before this of b. */
export function firstStepMidwayFrom(timeS: number): number {
  let step = Math.max(0, Math.ceil(timeS * STEPS_PER_SECOND - 0.5));
  while (step > 0 && stepMidpointS(step - 1) >= timeS) step--;
  while (stepMidpointS(step) < timeS) step++;
  return step;
}

/**
 * Samples of one step.
 * @throws UserError when the rate is not a positive multiple of 50 Hz, because a step would not be whole.
 */
export function samplesPerStep(sampleRateHz: number): number {
  const samples = sampleRateHz / STEPS_PER_SECOND;
  if (!Number.isInteger(samples) || samples <= 0) {
    throw new UserError(`sample rate ${sampleRateHz} Hz is not a multiple of ${STEPS_PER_SECOND} Hz`, {
      hint: `a 20 ms step must be a whole number of samples: use 8000, 16000, 24000, 44100 or 48000`,
    });
  }
  return samples;
}

/** Whole steps in `samples` samples: `floor(duration·50)` without rounding through seconds. */
export function wholeSteps(samples: number, sampleRateHz: number): number {
  return Math.floor((samples * STEPS_PER_SECOND) / sampleRateHz);
}

/** Frames that a track of `frameRateHz` has over `durationS`: the plain double product, as the public format counts. */
export function frameCount(durationS: number, frameRateHz: number): number {
  return Math.floor(durationS * frameRateHz);
}
