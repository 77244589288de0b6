/**
 * What `--tracks` writes of every pass of a model that names its classes, for people who look closer: `tracks/*.npz`,
 * arrays that numpy opens under the names that the debug files of the Mimi endpointer's authors have, and a picture.
 */

import { join } from 'node:path';
import type { Gold } from '../core/gold.js';
import { otherSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import type { Timeline } from '../core/timeline.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { sha256Text } from '../io/hash.js';
import { type NumpyArray, npz } from '../io/npy.js';
import type { PassTrace } from '../stream/trace.js';

export interface ConversationTraces {
  readonly id: string;
  /** Speaker 1 as subject first. */
  readonly traces: readonly PassTrace[];
  readonly gold: Gold | null;
}

/** Below the folder of a run. */
export const PASS_FOLDER = 'tracks';

/**
 * @param runPath folder of the run
 * @param draw makes the picture (SVG); without it there is none
 */
export async function writePassFiles(
  runPath: string,
  { id, traces, gold }: ConversationTraces,
  threshold: number,
  draw?: (timeline: Timeline) => string,
): Promise<void> {
  const folder = join(runPath, PASS_FOLDER);
  await makeFolder(folder);
  for (const [i, trace] of traces.entries()) {
    const subject = SPEAKERS[i]!;
    const file = join(folder, passFileName(id, subject));
    const arrays = passArrays(trace, threshold);
    const turns = gold && { subject: gold.turns[subject], other: gold.turns[otherSpeaker(subject)] };
    await atomicWrite(`${file}.npz`, npz(arrays));
    if (!draw) continue;
    const floor = floorBits(trace.pFloor, threshold);
    const title = `conversation ${id}, speaker ${subject} as subject`;
    await atomicWrite(`${file}.svg`, draw({ ...trace, title, threshold, floor, ...(turns && { turns }) }));
  }
}

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

/** Without ending: the conversation and whose pass it is. */
export function passFileName(conversationId: string, subject: Speaker): string {
  return `${conversationFileName(conversationId)}_speaker_${subject}`;
}

/** Without ending. Ids that a file cannot be called by are told apart by a hash. */
export function conversationFileName(id: string): string {
  const plain = id.replaceAll(/[^\w.-]+/g, '_');
  return plain === id ? plain : `${plain}_${sha256Text(id).slice(0, 8)}`;
}

/** `floor = 1 iff P > threshold`, strictly. */
function floorBits(pFloor: Float64Array, threshold: number): Uint8Array {
  return Uint8Array.from(pFloor, (p) => (p > threshold ? 1 : 0));
}
