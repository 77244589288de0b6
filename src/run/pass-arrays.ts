/**
 * What `--tracks` writes of a pass for people who look closer, as arrays that numpy opens: the names are those of the
 * debug files of the Mimi endpointer's authors.
 */

import { STEPS_PER_SECOND } from '../core/time.js';
import type { NumpyArray } from '../io/npy.js';
import type { PassTrace } from '../stream/trace.js';

/** `subj`, `other` [samples], `floor` [steps], `probs` [steps, classes], `threshold`, `sr` and `frame_rate` (Hz). */
export function passArrays(trace: PassTrace, threshold: number): Readonly<Record<string, NumpyArray>> {
  const { subject, other, probabilities, classes, pFloor, sampleRateHz } = trace;
  const scalar = (value: number): NumpyArray => ({ data: Int32Array.of(value), shape: [] });
  return {
    subj: { data: subject, shape: [subject.length] },
    other: { data: other, shape: [other.length] },
    floor: { data: floorBits(pFloor, threshold), shape: [pFloor.length] },
    probs: { data: probabilities, shape: [pFloor.length, classes.length] },
    threshold: { data: Float64Array.of(threshold), shape: [] },
    sr: scalar(sampleRateHz),
    frame_rate: scalar(STEPS_PER_SECOND),
  };
}

/** `floor = 1 iff P > threshold`, strictly. */
export function floorBits(pFloor: Float64Array, threshold: number): Uint8Array {
  return Uint8Array.from(pFloor, (p) => (p > threshold ? 1 : 0));
}

/** File name without ending: the conversation and whose pass it is. */
export function passFileName(conversationId: string, subject: 1 | 2): string {
  return `${conversationId.replaceAll(/[^\w.-]+/g, '_')}_speaker_${subject}`;
}
