/**
 * The oracle hears nothing: it commits exactly the gold events. Its recall is 1 and its false-positive rate 0, but for
 * what the gold itself forces (two events at one moment, an anchor in an excluded or a negative span), so it is the
 * ceiling of every score.
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
