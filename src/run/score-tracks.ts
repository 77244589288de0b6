/** From what a model answered to events and counts, at the operating point and at every threshold of the sweep. */
import type { Counts } from '../core/counts.js';
import { UserError } from '../core/errors.js';
import type { ConversationEvents } from '../core/events.js';
import { perSpeaker } from '../core/speaker.js';
import type { ConversationTracks, FloorTrack, PassTrack } from '../core/tracks.js';
import { eventsOf, floorsFromProbability } from '../decide/floor.js';
import type { RunSpec } from '../result/schema.js';
import type { PreparedConversation } from '../score/conversation.js';
import { type FloorHistogram, floorHistogram } from '../score/histogram.js';
import { scoreFloors } from '../sweep/floors.js';

export interface ConversationOutcome {
  readonly events: ConversationEvents;
  /** Null when there is no gold. */
  readonly counts: Counts | null;
  /** One per sweep threshold; null without gold or sweep, or for a model that answers bits of its own. */
  readonly sweep: readonly Counts[] | null;
  /** Null unless the model answers P(floor). */
  readonly histogram: FloorHistogram | null;
}

/**
 * Score what a model answered.
 * @param gold null for a data set without annotations: then there are only events.
 */
export function scoreTracks(
  tracks: ConversationTracks,
  spec: Pick<RunSpec, 'threshold' | 'sweep_thresholds'>,
  gold: PreparedConversation | null,
): ConversationOutcome {
  const thresholds = thresholdsOf(tracks[1], spec);
  const floors = perSpeaker((subject) => floorsOf(tracks[subject], thresholds));
  const at = (k: number) => perSpeaker((subject) => floors[subject][k]!);
  const operating = thresholds === null ? 0 : thresholds.indexOf(spec.threshold!);
  const events = perSpeaker((subject) => eventsOf(floors[subject][operating]!));
  if (gold === null) return { events, counts: null, sweep: null, histogram: null };

  const sweep = thresholds === null ? null : spec.sweep_thresholds;
  return {
    events,
    counts: scoreFloors(gold, at(operating)),
    sweep: sweep && sweep.map((threshold) => scoreFloors(gold, at(thresholds!.indexOf(threshold)))),
    histogram: histogramOf(tracks, gold),
  };
}

/** @throws UserError when the user asked for a threshold or a sweep and the model answers bits of its own. */
export function requireThresholds(tracks: ConversationTracks): void {
  if (tracks[1].kind !== 'bit') return;
  throw new UserError('this model answers floor bits at its own operating point: it has no threshold to set or sweep', {
    hint: 'leave out --threshold and --sweep, or let the model answer { pFloor }',
  });
}

/** Every threshold that is scored, ascending, the operating point among them; null when the model answers bits. */
function thresholdsOf(track: PassTrack, spec: Pick<RunSpec, 'threshold' | 'sweep_thresholds'>): number[] | null {
  if (track.kind === 'bit') return null;
  if (track.kind === 'bits') return [...track.thresholds];
  return [...new Set([spec.threshold!, ...(spec.sweep_thresholds ?? [])])].sort((a, b) => a - b);
}

function floorsOf(track: PassTrack, thresholds: readonly number[] | null): readonly FloorTrack[] {
  if (track.kind === 'bit') return [track.floor];
  if (track.kind === 'bits') return track.floors;
  return floorsFromProbability(track.pFloor, thresholds ?? []);
}

function histogramOf(tracks: ConversationTracks, gold: PreparedConversation): FloorHistogram | null {
  const [first, second] = [tracks[1], tracks[2]];
  if (first.kind !== 'probability' || second.kind !== 'probability') return null;
  return floorHistogram(gold, { 1: first.pFloor, 2: second.pFloor });
}
