/**
 * What annotators marked on one channel, as columns: the segments of the first annotator, then of the second, then of
 * the third, each in file order. A place is an index into them. Both views read the same columns: consensus looks at
 * every segment many times, and an object per segment and view would cost more than all comparisons.
 */

import type { AnnotatorTrack } from '../core/conversation.js';
import { FINE_NUMBERS } from './labels.js';

export interface Marks {
  /** s. */
  readonly startsS: Float64Array;
  /** s. */
  readonly endsS: Float64Array;
  /** Numbers of the fine labels; 0 = no view knows it. */
  readonly labels: Uint8Array;
  /** Where the segments of each annotator begin, and at last the number of all. */
  readonly offsets: readonly number[];
  /** Annotator by annotator the places by start, equal starts in file order. */
  readonly byStart: Uint32Array;
  /** The starts in that order, s. */
  readonly ascendingS: Float64Array;
  /** Labels of segments that no view knows, in the order of the segments. */
  readonly unknownLabels: readonly string[];
}

const MAX_ANNOTATORS = 3;

/** @throws Error on more than three annotators. */
export function marksOf(tracks: readonly AnnotatorTrack[]): Marks {
  if (tracks.length > MAX_ANNOTATORS) throw new Error(`${tracks.length} annotators, at most ${MAX_ANNOTATORS}`);
  const offsets = [0];
  let count = 0;
  for (const { segments } of tracks) {
    count += segments.length;
    offsets.push(count);
  }
  const startsS = new Float64Array(count);
  const endsS = new Float64Array(count);
  const labels = new Uint8Array(count);
  const unknownLabels: string[] = [];
  let place = 0;
  for (const { segments } of tracks) {
    for (const { startS, endS, label } of segments) {
      const known = FINE_NUMBERS.get(label);
      if (known === undefined) unknownLabels.push(label);
      startsS[place] = startS;
      endsS[place] = endS;
      labels[place] = known ?? 0;
      place++;
    }
  }
  return { startsS, endsS, labels, offsets, unknownLabels, ...orderByStart(startsS, offsets) };
}

function orderByStart(startsS: Float64Array, offsets: readonly number[]): Pick<Marks, 'byStart' | 'ascendingS'> {
  const byStart = new Uint32Array(startsS.length);
  for (let place = 0; place < byStart.length; place++) byStart[place] = place;
  if (offsets.every((from, i) => isAscending(startsS, from, offsets[i + 1]))) return { byStart, ascendingS: startsS };
  for (const [i, from] of offsets.entries()) {
    byStart.subarray(from, offsets[i + 1]).sort((a, b) => startsS[a]! - startsS[b]! || a - b);
  }
  const ascendingS = new Float64Array(startsS.length);
  for (let i = 0; i < ascendingS.length; i++) ascendingS[i] = startsS[byStart[i]!]!;
  return { byStart, ascendingS };
}

function isAscending(valuesS: Float64Array, from: number, to = valuesS.length): boolean {
  for (let i = from + 1; i < to; i++) if (valuesS[i - 1]! > valuesS[i]!) return false;
  return true;
}
