/** Thresholds worth trying on a probability file (scoring specification, section 7). */

import { percentile, sortNumbers } from '../stats/percentile.js';

export const CANDIDATE_QUANTILES = 512;

/**
 * Quantiles of all probabilities above 0, united with 0.01 … 0.99.
 * @param tracks probabilities of all conversations and both speakers.
 * @param quantiles how many levels, from 0 to 1; at least 2.
 * @returns strictly ascending.
 */
export function candidateThresholds(tracks: readonly ArrayLike<number>[], quantiles = CANDIDATE_QUANTILES): number[] {
  const pooled = new Float64Array(tracks.reduce((total, track) => total + track.length, 0));
  let count = 0;
  for (const track of tracks) {
    for (let i = 0; i < track.length; i++) {
      if (track[i]! > 0) pooled[count++] = track[i]!;
    }
  }
  const candidates = new Set(Array.from({ length: 99 }, (_, k) => (k + 1) / 100));
  const sorted = sortNumbers(pooled.subarray(0, count));
  for (let k = 0; k < quantiles; k++) {
    // The product, not the quotient k / (n - 1): they differ in the last bit.
    const level = k === quantiles - 1 ? 1 : k * (1 / (quantiles - 1));
    const value = percentile(sorted, level);
    if (value !== undefined) candidates.add(value);
  }
  return [...candidates].sort((a, b) => a - b);
}
