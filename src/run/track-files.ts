/**
 * Probability files of a run: what `turnbench sweep` and other people's tools read. One value per step of 20 ms;
 * the score of an interruption is P(floor), that of an end of turn 1 − P(floor).
 */

import type { Task } from '../core/events.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { frameCount, STEPS_PER_SECOND } from '../core/time.js';
import type { ConversationTracks } from '../core/tracks.js';
import { formatProbabilities } from '../result/probabilities.js';
import type { RunFolder } from '../result/run-folder.js';

export class TrackFiles {
  readonly #pFloor = new Map<string, PerSpeaker<Float64Array>>();
  #answersBits = false;

  add(id: string, durationS: number, tracks: ConversationTracks): void {
    const [first, second] = [tracks[1], tracks[2]];
    if (first.kind !== 'probability' || second.kind !== 'probability') {
      this.#answersBits = true;
      return;
    }
    // The public format counts frames from the duration in seconds.
    const frames = frameCount(durationS, STEPS_PER_SECOND);
    this.#pFloor.set(id, { 1: first.pFloor.subarray(0, frames), 2: second.pFloor.subarray(0, frames) });
  }

  async write(folder: RunFolder): Promise<void> {
    if (this.#answersBits) return;
    for (const task of ['eot', 'int'] as const) {
      await folder.write(`probs-${task}.json`, formatProbabilities(task, STEPS_PER_SECOND, this.#scores(task)));
    }
  }

  warnings(): string[] {
    return this.#answersBits ? ['the model answers floor bits: there are no probabilities to write'] : [];
  }

  #scores(task: Task): ReadonlyMap<string, PerSpeaker<Float64Array>> {
    if (task === 'int') return this.#pFloor;
    return new Map(
      [...this.#pFloor].map(([id, pFloor]) => [id, perSpeaker((speaker) => pFloor[speaker].map((p) => 1 - p))]),
    );
  }
}
