import type { Interval } from './gold.js';

/** One pass as it is drawn: what was said, where the annotators saw turns, what the model made of it. */
export interface Timeline {
  readonly title: string;
  /** Hz. */
  readonly sampleRateHz: number;
  readonly subject: Float32Array;
  readonly other: Float32Array;
  readonly classes: readonly string[];
  /** `[steps, classes]` */
  readonly probabilities: Float32Array;
  readonly threshold: number;
  /** One bit per step. */
  readonly floor: Uint8Array;
  /** Absent without annotations. */
  readonly turns?: { readonly subject: readonly Interval[]; readonly other: readonly Interval[] };
}
