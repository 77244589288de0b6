/**
 * The oracle hears nothing: it commits exactly the gold events. Recall is 1 and the false-positive rate what the gold
 * itself forces (an anchor inside another's negative span), so it is the ceiling of every score.
 */

import type { ConversationEvents } from '../core/events.js';
import type { Gold, TaskGold } from '../core/gold.js';
import { perSpeaker, type Speaker } from '../core/speaker.js';

export function oracleEvents(gold: Gold): ConversationEvents {
  return perSpeaker((speaker) => ({ eot: timesOf(gold.eot, speaker), int: timesOf(gold.int, speaker) }));
}

/** Strictly ascending: gold may name the same moment twice. */
function timesOf(gold: TaskGold, speaker: Speaker): number[] {
  const times = gold.positives.filter((anchor) => anchor.speaker === speaker).map(({ timeS }) => timeS);
  return [...new Set(times)].sort((a, b) => a - b);
}
