/** Scoring floor tracks: their edges are the events. */

import type { Counts } from '../core/counts.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import type { FloorTrack } from '../core/tracks.js';
import { eventsOf } from '../decide/floor.js';
import { type PreparedConversation, scoreConversation } from '../score/conversation.js';

/**
 * One operating point.
 * @throws Error when a track's length is not that of the prepared gold.
 */
export function scoreFloors(gold: PreparedConversation, floors: PerSpeaker<FloorTrack>): Counts {
  return scoreConversation(gold, { 1: eventsOf(floors[1]), 2: eventsOf(floors[2]) }, floors);
}

/**
 * One operating point per threshold.
 * @param floors per subject one track per threshold, in the same order.
 */
export function sweepFloors(gold: PreparedConversation, floors: PerSpeaker<readonly FloorTrack[]>): Counts[] {
  if (floors[1].length !== floors[2].length) throw new Error('the passes have different numbers of thresholds');
  return floors[1].map((_, k) =>
    scoreFloors(
      gold,
      perSpeaker((subject) => floors[subject][k]!),
    ),
  );
}
