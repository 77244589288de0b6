/**
 * All thresholds in one walk over P(floor). A step is reduced to its level, the number of thresholds that the
 * probability exceeds; the floor at any of them is read off the levels, exactly.
 */

import type { FloorTrack, LevelTrack } from '../core/tracks.js';
import { requireAscending } from './thresholds.js';

/**
 * Takes a probability track in pieces. A threshold is touched only where the probability crosses it, so the cost is the
 * number of steps plus the number of crossings. Keeps a byte per step, two above 255 thresholds.
 */
export class LevelWalk {
  readonly track: LevelTrack;
  #step = 0;
  #level = 0;

  /**
   * @param thresholds strictly ascending, at most 65 535.
   * @param steps of the whole track.
   * @throws Error when the thresholds are not ascending.
   */
  constructor(thresholds: readonly number[], steps: number) {
    requireAscending(thresholds);
    this.track = { thresholds, levels: newLevels(thresholds, steps) };
  }

  /** The next values of P(floor). */
  push(pFloor: Float64Array): void {
    const { thresholds, levels } = this.track;
    let level = this.#level;
    for (let i = 0; i < pFloor.length; i++) {
      const p = pFloor[i]!;
      while (level < thresholds.length && p > thresholds[level]!) level++;
      while (level > 0 && !(p > thresholds[level - 1]!)) level--;
      levels[this.#step + i] = level;
    }
    this.#step += pFloor.length;
    this.#level = level;
  }
}

/**
 * One floor track per threshold, in their order.
 * @param thresholds strictly ascending, all among those of the track.
 * @throws Error on a threshold that the track does not tell apart.
 */
export function floorsAt(track: LevelTrack, thresholds: readonly number[]): FloorTrack[] {
  const steps = track.levels.length;
  const ranks = ranksOf(track, thresholds);
  const { ends, total } = edgeRanges(track.levels, ranks, thresholds.length);
  const edges = new Int32Array(total);
  // Where the next edge of each threshold goes.
  const next = new Int32Array(thresholds.length);
  for (let k = 1; k < next.length; k++) next[k] = ends[k - 1]!;
  let before = 0;
  for (let step = 0; step < steps; step++) {
    const now = ranks[track.levels[step]!]!;
    if (now === before) continue;
    for (let k = Math.min(before, now); k < Math.max(before, now); k++) edges[next[k]!++] = step;
    before = now;
  }
  return thresholds.map((_, k) => ({ steps, edges: edges.subarray(ends[k - 1] ?? 0, ends[k]) }));
}

/**
 * The levels behind floor tracks that were answered one per threshold.
 * @param floors in the order of the thresholds, of equal length.
 * @returns undefined when a higher threshold holds the floor where a lower one does not: no probability answers so.
 */
export function levelsOfFloors(thresholds: readonly number[], floors: readonly FloorTrack[]): LevelTrack | undefined {
  const levels = newLevels(thresholds, floors[0]?.steps ?? 0);
  for (const [k, { steps, edges }] of floors.entries()) {
    for (let edge = 0; edge < edges.length; edge += 2) {
      for (let step = edges[edge]!; step < (edges[edge + 1] ?? steps); step++) {
        if (levels[step] !== k) return undefined;
        levels[step] = k + 1;
      }
    }
  }
  return { thresholds, levels };
}

function newLevels(thresholds: readonly number[], steps: number): Uint8Array | Uint16Array {
  return thresholds.length < 256 ? new Uint8Array(steps) : new Uint16Array(steps);
}

/** Per level, how many of the thresholds asked for it exceeds. */
function ranksOf({ thresholds }: LevelTrack, asked: readonly number[]): Uint16Array {
  requireAscending(asked);
  const ranks = new Uint16Array(thresholds.length + 1);
  for (const [k, threshold] of thresholds.entries()) {
    ranks[k + 1] = ranks[k]! + (threshold === asked[ranks[k]!] ? 1 : 0);
  }
  const found = ranks[thresholds.length]!;
  if (found < asked.length) throw new Error(`the levels do not tell threshold ${asked[found]} apart`);
  return ranks;
}

/** Where the edges of each threshold end in one list of all edges, threshold by threshold. */
function edgeRanges(
  levels: Uint8Array | Uint16Array,
  ranks: Uint16Array,
  thresholds: number,
): { ends: Int32Array; total: number } {
  // A move from a to b is an edge of every threshold between: +1 where that range starts, -1 where it ends.
  const ends = new Int32Array(thresholds + 1);
  let before = 0;
  for (let step = 0; step < levels.length; step++) {
    const now = ranks[levels[step]!]!;
    if (now === before) continue;
    ends[Math.min(before, now)]! += 1;
    ends[Math.max(before, now)]! -= 1;
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
