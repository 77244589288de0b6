/** What the passes of a conversation answered, in memory ↔ in a row of `conversations.jsonl`. */

import { UserError } from '../core/errors.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import type { FloorTrack, LevelTrack } from '../core/tracks.js';
import { formatLevels, parseLevels } from '../decide/level-text.js';
import type { FloorOnDisk } from './schema.js';

export interface AnsweredFloors {
  /** Ascending; null for a model that answers bits of its own. */
  readonly thresholds: readonly number[] | null;
  /** Per step of 20 ms, how many of the thresholds P(floor) exceeds; the floor bit where there are none. */
  readonly levels: PerSpeaker<Uint8Array | Uint16Array>;
}

export function floorToDisk(floors: PerSpeaker<LevelTrack> | PerSpeaker<FloorTrack>): FloorOnDisk {
  const [first, second] = [floors[1], floors[2]];
  const levels = [first, second].map((track) => ('levels' in track ? track.levels : bitsOf(track)));
  return {
    steps: levels[0]!.length,
    thresholds: 'thresholds' in first ? first.thresholds : null,
    speaker_1: formatLevels(levels[0]!),
    speaker_2: formatLevels(levels[1]!),
  };
}

/** @throws UserError when the levels are damaged. */
export function floorFromDisk(disk: FloorOnDisk): AnsweredFloors {
  const highest = disk.thresholds?.length ?? 1;
  try {
    return {
      thresholds: disk.thresholds,
      levels: perSpeaker((speaker) => parseLevels(disk[`speaker_${speaker}`], disk.steps, highest)),
    };
  } catch (error) {
    throw new UserError('the floor levels of a row are damaged', { hint: 'run the evaluation again', cause: error });
  }
}

function bitsOf({ steps, edges }: FloorTrack): Uint8Array {
  const bits = new Uint8Array(steps);
  for (let edge = 0; edge < edges.length; edge += 2) bits.fill(1, edges[edge], edges[edge + 1] ?? steps);
  return bits;
}
