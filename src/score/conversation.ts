/**
 * Everything that is counted for one conversation at one operating point. What depends on gold alone is prepared
 * once; scoring many thresholds then costs little more than their events.
 */

import { byState, type Counts, FLOOR_STATES } from '../core/counts.js';
import type { ConversationEvents } from '../core/events.js';
import type { Gold } from '../core/gold.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import type { FloorTrack } from '../core/tracks.js';
import { wholeMilliseconds } from './counts.js';
import { type EndpointTurns, endpointTurns, scoreEndpoints } from './endpoint.js';
import { type AlarmRegions, alarmRegions, countFalseAlarms, speechOf, speechSeconds } from './false-alarms.js';
import { type PreparedFloor, prepareFloor, scoreFloor } from './floor.js';
import { gapsOf } from './gaps.js';
import { matchTask, type PreparedTask, prepareTask } from './match.js';

export interface PreparedConversation {
  readonly eot: PreparedTask;
  readonly int: PreparedTask;
  readonly turns: PerSpeaker<EndpointTurns>;
  readonly eotAlarms: AlarmRegions;
  readonly intAlarms: AlarmRegions;
  readonly speechS: number;
  readonly floors: PerSpeaker<PreparedFloor>;
}

/** @param steps length of the floor tracks that will be scored; 0 when there are only events. */
export function prepareConversation(gold: Gold, steps = 0): PreparedConversation {
  const eot = prepareTask(gold.eot);
  const int = prepareTask(gold.int);
  const speech = speechOf(gold);
  const gaps = steps > 0 ? gapsOf(gold) : [];
  return {
    eot,
    int,
    turns: endpointTurns(gold),
    eotAlarms: alarmRegions('eot', eot, speech),
    intAlarms: alarmRegions('int', int, speech),
    speechS: wholeMilliseconds(speechSeconds(speech)),
    floors: perSpeaker((subject) => prepareFloor(gold, gaps, subject, steps)),
  };
}

/**
 * @param events of both passes.
 * @param floors the tracks behind the events. Absent for a predictions file: then nothing is counted of the floor,
 *   and `passS` is 0, so that rates per minute of audio are absent too.
 * @throws Error when events are not ascending or a track's length is not that of the prepared gold.
 */
export function scoreConversation(
  gold: PreparedConversation,
  events: ConversationEvents,
  floors?: PerSpeaker<FloorTrack>,
): Counts {
  const eot = perSpeaker((subject) => events[subject].eot);
  const int = perSpeaker((subject) => events[subject].int);
  return {
    eot: matchTask(gold.eot, eot),
    int: matchTask(gold.int, int),
    endpoint: scoreEndpoints(gold.turns, eot),
    falseAlarms: { eot: countFalseAlarms(gold.eotAlarms, eot), int: countFalseAlarms(gold.intAlarms, int) },
    speechS: gold.speechS,
    ...(floors ? floorCounts(gold.floors, floors) : NO_FLOOR),
  };
}

type FloorPart = Pick<Counts, 'floor' | 'holds' | 'shifts' | 'flips' | 'passS'>;

const NO_FLOOR: FloorPart = {
  floor: byState(() => ({ held: 0, released: 0 })),
  holds: { total: 0, kept: 0 },
  shifts: { total: 0, released: 0 },
  flips: 0,
  passS: 0,
};

function floorCounts(gold: PerSpeaker<PreparedFloor>, floors: PerSpeaker<FloorTrack>): FloorPart {
  const first = scoreFloor(gold[1], floors[1]);
  const second = scoreFloor(gold[2], floors[2]);
  return {
    floor: byState((state) => {
      const i = FLOOR_STATES.indexOf(state);
      const held = first.heldByState[i]! + second.heldByState[i]!;
      return { held, released: gold[1].stepsByState[i]! + gold[2].stepsByState[i]! - held };
    }),
    holds: { total: gold[1].holds.ends.length + gold[2].holds.ends.length, kept: first.holdsKept + second.holdsKept },
    shifts: {
      total: gold[1].shifts.ends.length + gold[2].shifts.ends.length,
      released: first.shiftsReleased + second.shiftsReleased,
    },
    flips: first.flips + second.flips,
    passS: (gold[1].steps + gold[2].steps) / STEPS_PER_SECOND,
  };
}
