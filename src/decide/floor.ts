/**
 * From answers to floor tracks to events. The floor is 0 before the first step; a bit is 1 iff P > threshold,
 * strictly. INT is a rise, EOT is a fall, stamped with the end of the step; plain floor bits have no refractory.
 */

import type { SpeakerEvents } from '../core/events.js';
import { stepEndS } from '../core/time.js';
import type { FloorTrack } from '../core/tracks.js';
import { requireAscending } from './thresholds.js';

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
 * One floor track per threshold, in their order, from one walk over the track: a threshold is touched only where the
 * probability crosses it, so the cost is the number of steps plus the number of edges.
 * @param pFloor P(subject holds the floor), one per step.
 * @param thresholds strictly ascending.
 * @throws Error when the thresholds are not.
 */
export function floorsFromProbability(pFloor: Float64Array, thresholds: readonly number[]): FloorTrack[] {
  requireAscending(thresholds);
  const edges: number[][] = thresholds.map(() => []);
  // Thresholds below the current probability: theirs is the floor.
  let exceeded = 0;
  for (let step = 0; step < pFloor.length; step++) {
    const p = pFloor[step]!;
    while (exceeded < thresholds.length && p > thresholds[exceeded]!) edges[exceeded++]!.push(step);
    while (exceeded > 0 && !(p > thresholds[exceeded - 1]!)) edges[--exceeded]!.push(step);
  }
  return edges.map((steps) => ({ steps: pFloor.length, edges: new Int32Array(steps) }));
}

export function eventsOf(floor: FloorTrack): SpeakerEvents {
  const eot: number[] = [];
  const int: number[] = [];
  for (let i = 0; i < floor.edges.length; i++) {
    (i % 2 === 0 ? int : eot).push(stepEndS(floor.edges[i]!));
  }
  return { eot, int };
}
