/** Committing and scoring in the page, by the code of the command line: a threshold gives the same events in both. */

import type { Counts } from '../core/counts.js';
import type { ConversationEvents, Task } from '../core/events.js';
import type { Gold } from '../core/gold.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import type { FloorTrack } from '../core/tracks.js';
import { eventsOf, floorFromBits } from '../decide/floor.js';
import { parseLevels } from '../decide/level-text.js';
import { floorsAt } from '../decide/levels.js';
import { type AnswersData, type ConversationData, unpackGold } from '../report/html/page-data.js';
import { type PreparedConversation, prepareConversation, scoreConversation } from '../score/conversation.js';
import { outcomesOf, type TaskOutcomes } from '../score/outcomes.js';

/** What a run answered in a conversation. */
export interface Answers {
  /** At the threshold of the run. */
  readonly events: ConversationEvents;
  /** Null for an event source without a floor. */
  readonly floor: {
    /** Null for a model that answers bits of its own. */
    readonly thresholds: readonly number[] | null;
    /** Per step, how many thresholds P(floor) exceeds, or the bit. */
    readonly levels: PerSpeaker<Uint8Array | Uint16Array>;
  } | null;
}

/** A conversation that can be judged again and again. */
export interface Judged {
  readonly gold: Gold | null;
  /** By the number of steps that were answered. */
  readonly prepared: Map<number, PreparedConversation>;
  /** One per run. */
  readonly answers: readonly (Answers | null)[];
}

export interface Judgement {
  readonly events: ConversationEvents;
  readonly floors: PerSpeaker<FloorTrack> | null;
  /** Null without gold. */
  readonly scored: {
    readonly counts: Counts;
    readonly outcomes: Readonly<Record<Task, PerSpeaker<TaskOutcomes>>>;
    readonly prepared: PreparedConversation;
  } | null;
}

export function judgedOf(data: ConversationData): Judged {
  return {
    gold: data.gold && unpackGold(data.gold),
    prepared: new Map(),
    answers: data.answers.map((answers) => answers && answersOf(answers)),
  };
}

/**
 * @param threshold among those of the run; it has no effect on a model that answers bits of its own.
 * @param own threshold of the run, at which its events are those that it committed: interruptions may have had another.
 * @returns null when the run has no such conversation.
 */
export function judge(
  judged: Judged,
  run: number,
  threshold: number | null,
  own: number | null = null,
): Judgement | null {
  const answers = judged.answers[run];
  if (!answers) return null;
  const floors = floorsOf(answers, threshold);
  const events = floors && threshold !== own ? perSpeaker((speaker) => eventsOf(floors[speaker])) : answers.events;
  if (!judged.gold) return { events, floors, scored: null };
  const prepared = preparedFor(judged, judged.gold, floors?.[1].steps ?? 0);
  const counts = scoreConversation(prepared, events, floors ?? undefined);
  const outcomes = (task: Task) => outcomesOf(prepared, task, { 1: events[1][task], 2: events[2][task] });
  return { events, floors, scored: { counts, outcomes: { eot: outcomes('eot'), int: outcomes('int') }, prepared } };
}

function answersOf({ events, floor }: AnswersData): Answers {
  return {
    events: perSpeaker((speaker) => {
      const { eot, interruption } = events[`speaker_${speaker}`];
      return { eot, int: interruption };
    }),
    floor: floor && {
      thresholds: floor.thresholds,
      levels: perSpeaker((speaker) =>
        parseLevels(floor[`speaker_${speaker}`], floor.steps, floor.thresholds?.length ?? 1),
      ),
    },
  };
}

function floorsOf({ floor }: Answers, threshold: number | null): PerSpeaker<FloorTrack> | null {
  if (floor === null) return null;
  const { thresholds, levels } = floor;
  if (thresholds === null) return perSpeaker((speaker) => floorFromBits(Uint8Array.from(levels[speaker])));
  if (threshold === null) throw new Error('a probability needs a threshold');
  return perSpeaker((speaker) => floorsAt({ thresholds, levels: levels[speaker] }, [threshold])[0]!);
}

function preparedFor({ prepared }: Judged, gold: Gold, steps: number): PreparedConversation {
  const known = prepared.get(steps);
  if (known) return known;
  const made = prepareConversation(gold, steps);
  prepared.set(steps, made);
  return made;
}
