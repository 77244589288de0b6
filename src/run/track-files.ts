/**
 * Probability files of a run: what `turnbench sweep` and other people's tools read. One value per step of 20 ms;
 * the score of an interruption is P(floor), that of an end of turn 1 − P(floor).
 *
 * What a conversation answered is kept in a file of its own until the run is complete, so that memory does not grow
 * and an interrupted run goes on with what it has.
 */

import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../core/events.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { frameCount, STEPS_PER_SECOND } from '../core/time.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { sha256Text } from '../io/hash.js';
import { formatProbabilities } from '../result/probabilities.js';
import type { RunFolder } from '../result/run-folder.js';
import type { RunHeader } from '../result/schema.js';

const PARTS = 'probs.parts';
/** By task. */
export const PROBABILITY_FILES = { eot: 'probs-eot.json', int: 'probs-int.json' } as const;
export const NO_PROBABILITIES = 'no probability files were written: nothing answered P(floor)';

/** Whether a run that came to its end was asked for its tracks. */
export function wasTracked(path: string, { warnings }: RunHeader): boolean {
  return existsSync(join(path, PROBABILITY_FILES.eot)) || warnings.includes(NO_PROBABILITIES);
}

export class TrackFiles {
  readonly #run: RunFolder;
  readonly #parts: string;

  constructor(run: RunFolder) {
    this.#run = run;
    this.#parts = join(run.path, PARTS);
  }

  /** @param pFloor one value per step and subject; null when the model answered something else. */
  async add(id: string, durationS: number, pFloor: PerSpeaker<Float64Array> | null): Promise<void> {
    await makeFolder(this.#parts);
    // The public format counts frames from the duration in seconds.
    const frames = frameCount(durationS, STEPS_PER_SECOND);
    const bytes = pFloor ? [pFloor[1], pFloor[2]].map((p) => bytesOf(p.subarray(0, frames))) : [];
    await atomicWrite(this.#partOf(id), bytes);
  }

  /** Whether this conversation was added, in this process or in one before it. */
  has(id: string): boolean {
    return existsSync(this.#partOf(id));
  }

  /** Whether the files of a complete run are there. */
  areWritten(): boolean {
    return existsSync(join(this.#run.path, 'probs-eot.json'));
  }

  /**
   * The files of all conversations so far.
   * @param ids in natural order.
   * @returns what people should be told.
   */
  async write(ids: readonly string[]): Promise<string[]> {
    const answered = ids.filter((id) => this.has(id) && readFileSync(this.#partOf(id)).length > 0);
    for (const task of answered.length > 0 ? (['eot', 'int'] as const) : []) {
      const scores = this.#scores(task, answered);
      await this.#run.write(PROBABILITY_FILES[task], formatProbabilities(task, STEPS_PER_SECOND, scores));
    }
    return answered.length === 0 ? [NO_PROBABILITIES] : [];
  }

  /** The run is complete: nothing goes on from here. */
  async clear(): Promise<void> {
    await rm(this.#parts, { recursive: true, force: true });
  }

  *#scores(task: Task, ids: readonly string[]): Generator<[string, PerSpeaker<Float64Array>]> {
    for (const id of ids) {
      const { buffer, byteOffset, length } = Buffer.from(readFileSync(this.#partOf(id)));
      const both = new Float64Array(buffer.slice(byteOffset, byteOffset + length));
      const pFloor = { 1: both.subarray(0, both.length / 2), 2: both.subarray(both.length / 2) };
      yield [id, task === 'int' ? pFloor : perSpeaker((speaker) => pFloor[speaker].map((p) => 1 - p))];
    }
  }

  /** Ids can hold anything; file names cannot. */
  #partOf(id: string): string {
    return join(this.#parts, `${sha256Text(id).slice(0, 32)}.f64`);
  }
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
