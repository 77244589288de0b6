/**
 * What the two public formats (predictions and probabilities) have in common: a header, a list with one entry per
 * conversation, two speakers in each, lists of numbers in those. Checks run in the order of the public validation
 * (scoring specification §8); the first check that fails rejects the whole file and reports everything it found.
 *
 * Written by hand and not as a schema, because these files have up to a hundred million bytes of numbers.
 */

import { UserError } from '../core/errors.js';
import { nearest } from '../core/registry.js';
import { SPEAKERS, speakerKey } from '../core/speaker.js';

/** Which check rejected a file. The names are those of the public validation where it has the check. */
export type FormatVerdict =
  | 'schema'
  | 'times_not_finite_nonnegative'
  | 'times_not_increasing'
  | 'probabilities_not_in_range'
  | 'duplicate_conversation_ids'
  | 'missing_conversation_ids'
  | 'unknown_conversation_ids'
  | 'event_past_end'
  | 'wrong_frame_count';

export class FormatError extends UserError {
  readonly verdict: FormatVerdict;

  constructor(verdict: FormatVerdict, message: string, hint: string) {
    super(message, { hint });
    this.verdict = verdict;
  }
}

export interface FormatShape {
  /** Checks of the header values, by key. Each says what is expected. */
  readonly header: Readonly<Record<string, { readonly expected: string; accepts(value: unknown): boolean }>>;
  /** Key of the list of conversations. */
  readonly list: string;
  /** Keys of the lists of numbers that each speaker has. */
  readonly numbers: readonly string[];
}

/** As the file was read: see `readJsonNumbers`. */
export type NumberList = readonly number[] | Float64Array;

export interface FormatEntry<K extends string> {
  readonly conversation_id: string;
  readonly speaker_1: Readonly<Record<K, NumberList>>;
  readonly speaker_2: Readonly<Record<K, NumberList>>;
}

/** A list of numbers with where it stands. */
export interface PlacedNumbers {
  readonly conversationId: string;
  /** Such as `predictions[3].speaker_1.eot`. */
  readonly place: string;
  readonly numbers: NumberList;
}

const SHOWN_PROBLEMS = 20;

/** @throws FormatError when there is any problem, with the first of them and their number. */
export function reject(verdict: FormatVerdict, file: string, problems: Iterable<string>, hint: string): void {
  const shown: string[] = [];
  let count = 0;
  for (const problem of problems) if (++count <= SHOWN_PROBLEMS) shown.push(problem);
  if (count === 0) return;
  if (count === 1) throw new FormatError(verdict, `${file}: ${shown[0]}`, hint);
  const lines = shown.map((problem) => `  - ${problem}`);
  if (count > shown.length) lines.push(`  … and ${count - shown.length} more`);
  throw new FormatError(verdict, `${file}: ${count} problems\n${lines.join('\n')}`, hint);
}

/**
 * Keys and types at every level: exactly those of the format.
 * @throws FormatError 'schema'.
 */
export function checkShape(file: string, value: unknown, shape: FormatShape): void {
  reject('schema', file, shapeProblems(value, shape), 'see `turnbench schema` for the format');
}

/**
 * Every conversation of the data set exactly once: duplicate, then missing, then unknown ids.
 * @throws FormatError
 */
export function checkCoverage(file: string, ids: readonly string[], expected: ReadonlyMap<string, unknown>): void {
  const present = new Set<string>();
  const duplicates = new Set<string>();
  for (const id of ids) (present.has(id) ? duplicates : present).add(id);
  const missing = [...expected.keys()].filter((id) => !present.has(id));
  const unknown = [...present].filter((id) => !expected.has(id));

  const each = (list: Iterable<string>, problem: string) => [...list].map((id) => `conversation '${id}' ${problem}`);
  const once = 'every conversation of the data set must be there exactly once';
  reject('duplicate_conversation_ids', file, each(duplicates, 'is there more than once'), once);
  const others = unknown.length === 0 ? '' : `; not in the data set: ${unknown.slice(0, 5).join(', ')}`;
  reject(
    'missing_conversation_ids',
    file,
    each(missing, 'is missing'),
    `${once}, with empty lists if need be${others}`,
  );
  reject('unknown_conversation_ids', file, each(unknown, 'is not in the data set'), `${once}, and no other`);
}

/** All lists of numbers of a file whose shape is right, in file order. */
export function* placedNumbers<K extends string>(
  entries: readonly FormatEntry<K>[],
  { list, numbers: keys }: FormatShape,
): Generator<PlacedNumbers> {
  for (const [i, entry] of entries.entries()) {
    for (const speaker of SPEAKERS) {
      const key = speakerKey(speaker);
      for (const name of keys) {
        const place = `${list}[${i}].${key}.${name}`;
        yield { conversationId: entry.conversation_id, place, numbers: entry[key][name as K] };
      }
    }
  }
}

/**
 * What is wrong with single numbers, found lazily: a wrong file can have a problem in each of millions of frames.
 * @param judge what is wrong with a number, or nothing; `previous` is the one before it in its list.
 */
export function* numberProblems(
  lists: Iterable<PlacedNumbers>,
  judge: (value: number, previous: number | undefined, conversationId: string) => string | undefined,
): Generator<string> {
  for (const { conversationId, place, numbers } of lists) {
    for (let i = 0; i < numbers.length; i++) {
      const problem = judge(numbers[i]!, numbers[i - 1], conversationId);
      if (problem !== undefined) yield `${place}[${i}] (conversation '${conversationId}'): ${problem}`;
    }
  }
}

function* shapeProblems(value: unknown, shape: FormatShape): Generator<string> {
  const { header, list, numbers } = shape;
  if (!isObject(value)) return yield `expected an object, found ${described(value)}`;
  yield* keyProblems(value, [...Object.keys(header), list], '');
  for (const [key, { expected, accepts }] of Object.entries(header)) {
    if (value[key] !== undefined && !accepts(value[key]))
      yield `${key}: expected ${expected}, found ${described(value[key])}`;
  }
  const entries = value[list];
  if (entries === undefined) return;
  if (!Array.isArray(entries)) return yield `${list}: expected a list, found ${described(entries)}`;
  for (const [i, entry] of entries.entries()) yield* entryProblems(entry, `${list}[${i}]`, numbers);
}

function* entryProblems(entry: unknown, place: string, numbers: readonly string[]): Generator<string> {
  if (!isObject(entry)) return yield `${place}: expected an object, found ${described(entry)}`;
  const { conversation_id: id } = entry;
  const named = typeof id === 'string' ? ` (conversation '${id}')` : '';
  yield* keyProblems(entry, ['conversation_id', ...SPEAKERS.map(speakerKey)], place, named);
  if (id !== undefined && typeof id !== 'string') {
    yield `${place}.conversation_id: expected a text, found ${described(id)}`;
  }
  for (const speaker of SPEAKERS) {
    const key = speakerKey(speaker);
    const tracks = entry[key];
    if (tracks === undefined) continue;
    if (!isObject(tracks)) {
      yield `${place}.${key}${named}: expected an object, found ${described(tracks)}`;
      continue;
    }
    yield* keyProblems(tracks, numbers, `${place}.${key}`, named);
    for (const name of numbers) {
      if (tracks[name] !== undefined) yield* listProblems(tracks[name], `${place}.${key}.${name}`, named);
    }
  }
}

function* listProblems(list: unknown, place: string, named: string): Generator<string> {
  if (list instanceof Float64Array) return;
  if (!Array.isArray(list)) return yield `${place}${named}: expected a list of numbers, found ${described(list)}`;
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] !== 'number') yield `${place}[${i}]${named}: expected a number, found ${described(list[i])}`;
  }
}

function* keyProblems(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  place: string,
  named = '',
): Generator<string> {
  const prefix = place === '' ? '' : `${place}${named}: `;
  for (const key of keys) if (value[key] === undefined) yield `${prefix}the key '${key}' is missing`;
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const near = nearest(key, keys);
    yield `${prefix}unknown key '${key}'${near === undefined ? '' : `: did you mean '${near}'?`}`;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Float64Array;
}

function described(value: unknown): string {
  if (isList(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : String(value);
}
