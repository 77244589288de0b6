/**
 * Probability files of a run: what `turnbench sweep` and other people's tools read. One value per step of 20 ms;
 * the score of an interruption is P(floor), that of an end of turn 1 − P(floor).
 */

import type { Task } from '../core/events.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { frameCount, STEPS_PER_SECOND } from '../core/time.js';
import { formatProbabilities } from '../result/probabilities.js';
import type { RunFolder } from '../result/run-folder.js';

export class TrackFiles {
  readonly #pFloor = new Map<string, PerSpeaker<Float64Array>>();

  add(id: string, durationS: number, pFloor: PerSpeaker<Float64Array>): void {
    // The public format counts frames from the duration in seconds.
    const frames = frameCount(durationS, STEPS_PER_SECOND);
    this.#pFloor.set(
      id,
      perSpeaker((speaker) => pFloor[speaker].subarray(0, frames)),
    );
  }

  async write(folder: RunFolder): Promise<void> {
    if (this.#pFloor.size === 0) return;
    for (const task of ['eot', 'int'] as const) {
      await folder.write(`probs-${task}.json`, formatProbabilities(task, STEPS_PER_SECOND, this.#scores(task)));
    }
  }

  warnings(): string[] {
    return this.#pFloor.size === 0 ? ['no probability files were written: nothing answered P(floor)'] : [];
  }

  #scores(task: Task): ReadonlyMap<string, PerSpeaker<Float64Array>> {
    if (task === 'int') return this.#pFloor;
    return new Map(
      [...this.#pFloor].map(([id, pFloor]) => [id, perSpeaker((speaker) => pFloor[speaker].map((p) => 1 - p))]),
    );
  }
}
