/**
 * ROC-AUC and average precision of P(floor) from additive evidence: per gold class, how many scored steps fell into
 * each of 4096 bins of P.
 *
 * The bins are uniform in log-odds over ±16 and open at both ends. A voice-activity model answers a few parts in ten
 * thousand in silence and in pauses alike, which is just where the two classes must be told apart; bins uniform in P
 * would lump those answers together. Bins are about 0.002 wide at P = 0.5 and 0.8 % of P near 0.
 *
 * Steps in one bin count as tied. For the AUC that is off by at most ½ · Σ pos·neg / (P · N) over bins (pos, neg:
 * steps of a bin; P, N: of all); for the average precision by at most Σ pos/P · (highest − lowest precision within
 * the bin). Where no two different answers share a bin both are exact.
 */

import { type PerSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import type { PreparedConversation } from './conversation.js';
import type { PreparedFloor } from './floor.js';
import { GOLD_HELD, NOT_SCORED } from './floor-states.js';

export const FLOOR_BINS = 4096;
const MAX_LOG_ODDS = 16;

/** Scored steps per bin of P(floor), ascending in P. */
export interface FloorHistogram {
  /** Gold floor 1. */
  readonly held: Float64Array;
  /** Gold floor 0. */
  readonly released: Float64Array;
}

/** `[bin, steps with gold floor 0, steps with gold floor 1]` of occupied bins, ascending: the form on disk. */
export type OccupiedBin = readonly [bin: number, released: number, held: number];

/** @param pFloor of both passes, one value in [0, 1] per step of the prepared floors. */
export function floorHistogram(gold: PreparedConversation, pFloor: PerSpeaker<Float64Array>): FloorHistogram {
  const counter = new HistogramCounter(gold);
  for (const subject of SPEAKERS) counter.push(subject, pFloor[subject]);
  return counter.histogram;
}

/** Counts probabilities as they come, piece by piece, each subject from its first step on. */
export class HistogramCounter {
  readonly histogram: FloorHistogram = emptyHistogram();
  readonly #floors: PerSpeaker<PreparedFloor>;
  readonly #places = { 1: { step: 0, run: 0 }, 2: { step: 0, run: 0 } };

  constructor(gold: PreparedConversation) {
    this.#floors = gold.floors;
  }

  /** The next values of P(floor) with this subject. */
  push(subject: Speaker, pFloor: Float64Array): void {
    const { ends, states } = this.#floors[subject].runs;
    const place = this.#places[subject];
    const first = place.step;
    const last = first + pFloor.length;
    while (place.step < last) {
      const state = states[place.run]!;
      const end = Math.min(last, ends[place.run]!);
      const bins = GOLD_HELD[state] ? this.histogram.held : this.histogram.released;
      if (state !== NOT_SCORED)
        for (let step = place.step; step < end; step++) bins[binOf(pFloor[step - first]!)]! += 1;
      place.step = end;
      if (end === ends[place.run]) place.run++;
    }
  }
}

export function sumHistograms(list: readonly FloorHistogram[]): FloorHistogram {
  const total = emptyHistogram();
  for (const { held, released } of list) {
    for (let bin = 0; bin < FLOOR_BINS; bin++) {
      total.held[bin]! += held[bin]!;
      total.released[bin]! += released[bin]!;
    }
  }
  return total;
}

export function occupiedBins({ held, released }: FloorHistogram): OccupiedBin[] {
  const bins: OccupiedBin[] = [];
  for (let bin = 0; bin < FLOOR_BINS; bin++) {
    if (held[bin]! + released[bin]! > 0) bins.push([bin, released[bin]!, held[bin]!]);
  }
  return bins;
}

/** @throws RangeError on a bin that does not exist. */
export function histogramOf(bins: readonly OccupiedBin[]): FloorHistogram {
  const histogram = emptyHistogram();
  for (const [bin, released, held] of bins) {
    if (!Number.isInteger(bin) || bin < 0 || bin >= FLOOR_BINS) throw new RangeError(`no bin ${bin}`);
    histogram.released[bin]! += released;
    histogram.held[bin]! += held;
  }
  return histogram;
}

/** P(a step with gold floor 1 is answered higher than one with 0), ties half. Undefined unless both exist. */
export function aucOf({ held, released }: FloorHistogram): number | undefined {
  let below = 0;
  let ordered = 0;
  let positives = 0;
  for (let bin = 0; bin < held.length; bin++) {
    ordered += held[bin]! * (below + released[bin]! / 2);
    below += released[bin]!;
    positives += held[bin]!;
  }
  return positives === 0 || below === 0 ? undefined : ordered / (positives * below);
}

/** Precision averaged over recall, from the highest P down. Undefined without a step of gold floor 1. */
export function averagePrecisionOf({ held, released }: FloorHistogram): number | undefined {
  let tp = 0;
  let fp = 0;
  let sum = 0;
  for (let bin = FLOOR_BINS - 1; bin >= 0; bin--) {
    tp += held[bin]!;
    fp += released[bin]!;
    if (held[bin]! > 0) sum += (held[bin]! * tp) / (tp + fp);
  }
  return tp === 0 ? undefined : sum / tp;
}

function emptyHistogram(): FloorHistogram {
  return { held: new Float64Array(FLOOR_BINS), released: new Float64Array(FLOOR_BINS) };
}

function binOf(p: number): number {
  // 0 and 1 have infinite log-odds: they land in the outermost bins.
  const place = Math.floor(((Math.log(p / (1 - p)) + MAX_LOG_ODDS) * FLOOR_BINS) / (2 * MAX_LOG_ODDS));
  return Math.min(FLOOR_BINS - 1, Math.max(0, place));
}
