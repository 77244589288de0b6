/** Small models for the tests of driving: each says what it hears, in one of the three answer forms. */

import type { DiscriminativeModel, FloorDecision } from '../../src/core/model.js';

/** Mean of squares. */
export function energy(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
}

/** Any answer from both channels and the model's memory, which `reset` clears. */
export function modelOf(
  answer: (subject: Float32Array, other: Float32Array, stepsSinceReset: number) => unknown,
  rest: Partial<DiscriminativeModel> = {},
): DiscriminativeModel & { resets: number } {
  let steps = 0;
  return {
    inputSampleRate: 8000,
    resets: 0,
    reset() {
      this.resets++;
      steps = 0;
    },
    step: (subject, other) => answer(subject, other, steps++) as FloorDecision,
    ...rest,
  } as DiscriminativeModel & { resets: number };
}
