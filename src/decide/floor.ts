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
 * One floor track per threshold, in their order.
 * @param pFloor P(subject holds the floor), one per step.
 * @param thresholds strictly ascending.
 * @throws Error when the thresholds are not.
 */
export function floorsFromProbability(pFloor: Float64Array, thresholds: readonly number[]): FloorTrack[] {
  const walk = new FloorWalk(thresholds, pFloor.length);
  walk.push(pFloor);
  return walk.finish();
}

/**
 * All thresholds in one walk over a probability track, which may come in pieces: a threshold is touched only where the
 * probability crosses it, so the cost is the number of steps plus the number of edges. Keeps a byte per step, two above 255 thresholds.
 */
export class FloorWalk {
  readonly #thresholds: readonly number[];
  /** Per step, how many thresholds lie below the probability: theirs is the floor. */
  readonly #exceeded: Uint8Array | Uint16Array;
  #step = 0;
  #count = 0;

  /**
   * @param thresholds strictly ascending, at most 65 535.
   * @param steps of the whole track.
   * @throws Error when the thresholds are not ascending.
   */
  constructor(thresholds: readonly number[], steps: number) {
    requireAscending(thresholds);
    this.#thresholds = thresholds;
    this.#exceeded = thresholds.length < 256 ? new Uint8Array(steps) : new Uint16Array(steps);
  }

  /** The next values of P(floor). */
  push(pFloor: Float64Array): void {
    const thresholds = this.#thresholds;
    let count = this.#count;
    for (let i = 0; i < pFloor.length; i++) {
      const p = pFloor[i]!;
      while (count < thresholds.length && p > thresholds[count]!) count++;
      while (count > 0 && !(p > thresholds[count - 1]!)) count--;
      this.#exceeded[this.#step + i] = count;
    }
    this.#step += pFloor.length;
    this.#count = count;
  }

  /** One floor track per threshold, after the last step. */
  finish(): FloorTrack[] {
    const exceeded = this.#exceeded;
    const { ends, total } = edgeRanges(exceeded, this.#thresholds.length);
    const edges = new Int32Array(total);
    // Where the next edge of each threshold goes.
    const next = new Int32Array(this.#thresholds.length);
    for (let k = 1; k < next.length; k++) next[k] = ends[k - 1]!;
    let before = 0;
    for (let step = 0; step < exceeded.length; step++) {
      const now = exceeded[step]!;
      for (let k = Math.min(before, now); k < Math.max(before, now); k++) edges[next[k]!++] = step;
      before = now;
    }
    return this.#thresholds.map((_, k) => ({
      steps: exceeded.length,
      edges: edges.subarray(ends[k - 1] ?? 0, ends[k]),
    }));
  }
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

/** Where the edges of each threshold end in one list of all edges, threshold by threshold. */
function edgeRanges(exceeded: Uint8Array | Uint16Array, thresholds: number): { ends: Int32Array; total: number } {
  // A move from a to b is an edge of every threshold between: +1 where that range starts, -1 where it ends.
  const ends = new Int32Array(thresholds + 1);
  let before = 0;
  for (const now of exceeded) {
    if (now !== before) {
      ends[Math.min(before, now)]! += 1;
      ends[Math.max(before, now)]! -= 1;
    }
    before = now;
  }
  let edges = 0;
  let total = 0;
  for (let k = 0; k < thresholds; k++) {
    edges += ends[k]!;
    total += edges;
    ends[k] = total;
  }
  return { ends, total };
}
