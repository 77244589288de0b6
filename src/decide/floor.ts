/**
 * From answers to floor tracks to events. The floor is 0 before the first step; a bit is 1 iff P > threshold,
 * strictly. INT is a rise, EOT is a fall, stamped with the end of the step; plain floor bits have no refractory.
 */

import type { SpeakerEvents } from '../core/events.js';
import { stepEndS } from '../core/time.js';
import type { FloorTrack } from '../core/tracks.js';
import { floorsAt, LevelWalk } from './levels.js';

/** @param bits 0 or 1 per step. */
export function floorFromBits(bits: Uint8Array): FloorTrack {
  const edges: number[] = [];
  let floor = 0;
  for (let step = 0; step < bits.length; step++) {
    if (bits[step] === floor) continue;
    floor = bits[step]!;
    edges.push(step);
  }
  return { steps: bits.length, edges: Int32Array.from(edges) };
}

/**
 * One floor track per threshold, in their order.
 * @param pFloor P(subject holds the floor), one per step.
 * @param thresholds strictly ascending.
 * @throws Error when the thresholds are not.
 */
export function floorsFromProbability(pFloor: Float64Array, thresholds: readonly number[]): FloorTrack[] {
  const walk = new LevelWalk(thresholds, pFloor.length);
  walk.push(pFloor);
  return floorsAt(walk.track, thresholds);
}

/** @param timeOfS when what was decided after a step is heard, s: by default at its end. */
export function eventsOf(floor: FloorTrack, timeOfS: (step: number) => number = stepEndS): SpeakerEvents {
  const eot: number[] = [];
  const int: number[] = [];
  for (let i = 0; i < floor.edges.length; i++) {
    (i % 2 === 0 ? int : eot).push(timeOfS(floor.edges[i]!));
  }
  return { eot, int };
}
