/**
 * `probs-eot.json` and `probs-int.json`, the public probability format (scoring specification §7 and §8): one score
 * per frame and speaker for one task. Read and written strictly.
 */

import { compareIds } from '../core/conversation.js';
import { TASKS, type Task } from '../core/events.js';
import { type PerSpeaker, perSpeaker, SPEAKERS, speakerKey } from '../core/speaker.js';
import { frameCount } from '../core/time.js';
import {
  checkCoverage,
  checkShape,
  type FormatEntry,
  type FormatShape,
  type NumberList,
  numberProblems,
  type PlacedNumbers,
  placedNumbers,
  reject,
} from './format-check.js';

export interface Probabilities {
  readonly task: Task;
  readonly frameRateHz: number;
  /** In [0, 1], one per frame of `1 / frameRateHz` s, by conversation in natural order of ids. */
  readonly tracks: ReadonlyMap<string, PerSpeaker<Float64Array>>;
}

interface ProbabilityFile {
  readonly task: Task;
  readonly frame_rate_hz: number;
  readonly probs: readonly FormatEntry<'prob'>[];
}

const SHAPE: FormatShape = {
  header: {
    schema_version: { expected: '1', accepts: (value) => value === 1 },
    task: { expected: "'eot' or 'int'", accepts: (value) => TASKS.some((task) => task === value) },
    frame_rate_hz: {
      expected: 'a finite number above 0',
      accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
    },
  },
  list: 'probs',
  numbers: ['prob'],
};

/**
 * @param value the parsed JSON.
 * @param durations s, of every conversation that must be there: the whole data set or a selection.
 * @param file how messages name it.
 * @throws FormatError saying what is wrong at which place, and by which check.
 */
export function parseProbabilities(
  value: unknown,
  durations: ReadonlyMap<string, number>,
  file: string,
): Probabilities {
  checkShape(file, value, SHAPE);
  const { task, frame_rate_hz: frameRateHz, probs } = value as ProbabilityFile;
  const lists = [...placedNumbers(probs, SHAPE)];
  reject('probabilities_not_in_range', file, numberProblems(lists, outOfRange), 'write P, not a score or logit');
  checkCoverage(
    file,
    probs.map((entry) => entry.conversation_id),
    durations,
  );
  const counts = lists.flatMap((list) => wrongCount(list, durations.get(list.conversationId) ?? 0, frameRateHz));
  reject('wrong_frame_count', file, counts, 'one value per whole frame of the conversation, for both speakers');

  const tracks = probs.map((entry): [string, PerSpeaker<Float64Array>] => [
    entry.conversation_id,
    perSpeaker((speaker) => asNumbers(entry[speakerKey(speaker)].prob)),
  ]);
  return { task, frameRateHz, tracks: new Map(tracks.sort(([a], [b]) => compareIds(a, b))) };
}

/**
 * The text of a probability file in pieces, one line per conversation: whole, the files of a large data set would be
 * longer than a string can be.
 * @param tracks in natural order of ids; taken one by one.
 * @throws Error on values that a reader would refuse: whoever made them has a bug.
 */
export function* formatProbabilities(
  task: Task,
  frameRateHz: number,
  tracks: Iterable<readonly [id: string, PerSpeaker<Float64Array>]>,
): Generator<string> {
  yield `{"schema_version":1,"task":"${task}","frame_rate_hz":${frameRateHz},"probs":[`;
  let separator = '\n';
  for (const [id, track] of tracks) {
    const speakers = SPEAKERS.map((speaker) => {
      const wrong = track[speaker].findIndex((p) => outOfRange(p) !== undefined);
      if (wrong >= 0) {
        throw new Error(`speaker ${speaker} of '${id}', frame ${wrong}: ${outOfRange(track[speaker][wrong]!)}`);
      }
      return `"${speakerKey(speaker)}":{"prob":[${track[speaker].join(',')}]}`;
    });
    yield `${separator}{"conversation_id":${JSON.stringify(id)},${speakers.join(',')}}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

function asNumbers(list: NumberList): Float64Array {
  return list instanceof Float64Array ? list : Float64Array.from(list);
}

function outOfRange(p: number): string | undefined {
  return p >= 0 && p <= 1 ? undefined : `${p} is no probability: expected a number from 0 to 1`;
}

function wrongCount({ conversationId, place, numbers }: PlacedNumbers, durationS: number, rateHz: number): string[] {
  const expected = frameCount(durationS, rateHz);
  if (numbers.length === expected) return [];
  return [
    `${place} (conversation '${conversationId}'): ${numbers.length} values, expected ${expected} ` +
      `(${durationS} s at ${rateHz} Hz, rounded down)`,
  ];
}
