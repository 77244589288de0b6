/** The order in which conversations are begun, so that nobody waits for one worker or one conversation at the end. */

import type { Dataset } from '../core/conversation.js';

export async function longestFirst(dataset: Dataset, ids: readonly string[]): Promise<string[]> {
  const durations = new Map<string, number>();
  for (const id of ids) durations.set(id, (await dataset.open(id)).durationS);
  return [...ids].sort((a, b) => durations.get(b)! - durations.get(a)!);
}

/**
 * A worker with lanes takes as many conversations at once as it has lanes. What the workers begin with is dealt out like
 * cards, so that the first of them does not get all the long ones; the rest stays as it was.
 *
 *     two workers with two lanes:  1 2 3 4 5 6  →  1 3 · 2 4 · 5 6
 *
 * @param ids the longest first
 */
export function dealt(ids: readonly string[], workers: number, lanes: number): string[] {
  const atOnce = ids.slice(0, workers * lanes);
  const hands = Array.from({ length: workers }, (_, worker) => atOnce.filter((_, i) => i % workers === worker));
  return [...hands.flat(), ...ids.slice(workers * lanes)];
}
