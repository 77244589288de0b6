/**
 * `predictions.json`, the public submission format (scoring specification §8): committed event times of every
 * conversation of a data set. Read and written strictly; a file that is read was valid as a whole.
 */

import { compareIds } from '../core/conversation.js';
import type { ConversationEvents, SpeakerEvents } from '../core/events.js';
import {
  checkCoverage,
  checkShape,
  type FormatEntry,
  type FormatShape,
  numberProblems,
  placedNumbers,
  reject,
} from './format-check.js';
import type { EventsOnDisk } from './schema.js';

const SHAPE: FormatShape = {
  header: { schema_version: { expected: '1', accepts: (value) => value === 1 } },
  list: 'predictions',
  numbers: ['eot', 'interruption'],
};

const SECONDS = 'times are seconds from the start of the conversation';

/**
 * Committed events by conversation, in natural order of ids.
 * @param value the parsed JSON.
 * @param durations s, of every conversation that must be there: the whole data set or a selection.
 * @param file how messages name it.
 * @throws FormatError saying what is wrong at which place, and by which check.
 */
export function parsePredictions(
  value: unknown,
  durations: ReadonlyMap<string, number>,
  file: string,
): ReadonlyMap<string, ConversationEvents> {
  checkShape(file, value, SHAPE);
  const entries = (value as { predictions: FormatEntry<'eot' | 'interruption'>[] }).predictions;
  const lists = [...placedNumbers(entries, SHAPE)];
  reject('times_not_finite_nonnegative', file, numberProblems(lists, outOfRange), SECONDS);
  reject('times_not_increasing', file, numberProblems(lists, unordered), 'sort the times and keep each once');
  checkCoverage(
    file,
    entries.map((entry) => entry.conversation_id),
    durations,
  );
  const pastEnd = (timeS: number, _: unknown, id: string) => behind(timeS, durations.get(id) ?? 0);
  reject('event_past_end', file, numberProblems(lists, pastEnd), `${SECONDS}, not milliseconds`);

  const events = entries.map((entry): [string, ConversationEvents] => {
    const { eot: eot1, interruption: int1 } = entry.speaker_1;
    const { eot: eot2, interruption: int2 } = entry.speaker_2;
    const [first, second] = [
      { eot: Array.from(eot1), int: Array.from(int1) },
      { eot: Array.from(eot2), int: Array.from(int2) },
    ];
    return [entry.conversation_id, { 1: first, 2: second }];
  });
  return new Map(events.sort(([a], [b]) => compareIds(a, b)));
}

/**
 * The text of a predictions file: one line per conversation, in natural order of ids; the same events give the same
 * bytes.
 */
export function formatPredictions(events: ReadonlyMap<string, EventsOnDisk>): string {
  const ids = [...events.keys()].sort(compareIds);
  const lines = ids.map((id) => JSON.stringify({ conversation_id: id, ...events.get(id)! }));
  return `{"schema_version":1,"predictions":[\n${lines.join(',\n')}\n]}\n`;
}

/** @throws Error on times that a reader would refuse: whoever committed them has a bug. */
export function eventsToDisk(events: ConversationEvents): EventsOnDisk {
  return { speaker_1: onDisk(events[1], 'speaker 1'), speaker_2: onDisk(events[2], 'speaker 2') };
}

function onDisk({ eot, int }: SpeakerEvents, whose: string): EventsOnDisk['speaker_1'] {
  requireTimes(eot, `${whose}, EOT`);
  requireTimes(int, `${whose}, INT`);
  return { eot, interruption: int };
}

function outOfRange(timeS: number): string | undefined {
  if (timeS >= 0 && Number.isFinite(timeS)) return undefined;
  return `${timeS} is no time: expected a finite number of at least 0`;
}

function unordered(timeS: number, previousS: number | undefined): string | undefined {
  return previousS === undefined || timeS > previousS ? undefined : `${timeS} does not come after ${previousS}`;
}

function behind(timeS: number, durationS: number): string | undefined {
  return timeS <= durationS ? undefined : `${timeS} s lies behind the end of the audio (${durationS} s)`;
}

function requireTimes(timesS: readonly number[], whose: string): void {
  for (const [i, timeS] of timesS.entries()) {
    const problem = outOfRange(timeS) ?? unordered(timeS, timesS[i - 1]);
    if (problem !== undefined) throw new Error(`${whose}, index ${i}: ${problem}`);
  }
}
