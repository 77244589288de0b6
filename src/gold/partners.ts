/** Who may agree with an anchor: of each later annotator only the nearest segment is ever asked. */

import { lowerBoundNear } from '../core/search.js';
import type { Marks } from './marks.js';

/** No segment. */
export const NOBODY = -1;

/** Farthest start of a candidate, s. */
const OVERLAP_WINDOW_S = 0.5;
/** Where candidates are looked for: a little farther, so that only the literal comparison of distances decides. */
const SEARCH_WINDOW_S = 0.51;

/** Segments of one annotator. Anchors mostly ascend, so each search begins where the last one did. */
export class Partners {
  readonly #marks: Marks;
  readonly #labels: Uint8Array;
  readonly #from: number;
  readonly #to: number;
  #begin: number;

  /**
   * @param labels of all marks; those of segments that are gone differ from every anchor's.
   * @param annotator may be one more than there are: then there is nobody.
   */
  constructor(marks: Marks, labels: Uint8Array, annotator: number) {
    const { offsets } = marks;
    this.#marks = marks;
    this.#labels = labels;
    this.#from = offsets[annotator] ?? labels.length;
    this.#to = offsets[annotator + 1] ?? labels.length;
    this.#begin = this.#from;
  }

  /** The segment of the same label whose start is nearest; of equally near ones the first in the file. */
  nearest(anchor: number): number {
    const { startsS, byStart, ascendingS } = this.#marks;
    const labels = this.#labels;
    const to = this.#to;
    const label = labels[anchor]!;
    const anchorS = startsS[anchor]!;
    const lastS = anchorS + SEARCH_WINDOW_S;
    let best = NOBODY;
    let bestDistanceS = OVERLAP_WINDOW_S;
    this.#begin = lowerBoundNear(ascendingS, anchorS - SEARCH_WINDOW_S, this.#begin, this.#from, to);
    for (let i = this.#begin; i < to; i++) {
      const startS = ascendingS[i]!;
      if (startS > lastS) break;
      const candidate = byStart[i]!;
      if (labels[candidate] !== label) continue;
      const distanceS = Math.abs(startS - anchorS);
      if (distanceS > bestDistanceS) continue;
      if (best !== NOBODY && distanceS === bestDistanceS && candidate > best) continue;
      best = candidate;
      bestDistanceS = distanceS;
    }
    return best;
  }
}
