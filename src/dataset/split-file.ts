/** Files that list the conversations of a split: an id per line, as the public splits are, or a JSON list. */

import { UserError } from '../core/errors.js';
import { parseJson } from '../io/json.js';
import { readText } from '../io/text.js';
import { requireKnown } from './known.js';

/**
 * Empty lines and lines that begin with `#` are skipped.
 * @throws UserError when it cannot be read, lists an id twice, none, or one that the data set does not have.
 */
export async function readSplit(file: string, known: readonly string[]): Promise<ReadonlySet<string>> {
  const text = await readText(file);
  const entries = text.trimStart().startsWith('[') ? fromJson(text, file) : fromLines(text, file);
  const places = new Map<string, string>();
  for (const { id, place } of entries) {
    const twin = places.get(id);
    if (twin !== undefined) throw new UserError(`${place}: '${id}' is already in ${twin}`, { hint: 'remove one' });
    places.set(id, place);
    try {
      requireKnown('conversation', id, known);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const hint = error.hint === undefined ? {} : { hint: `is it a split of this data set? ${error.hint}` };
      throw new UserError(`${place}: ${error.message}`, hint);
    }
  }
  if (places.size === 0) throw new UserError(`${file}: no ids in it`, { hint: 'write one id per line' });
  return new Set(places.keys());
}

interface Entry {
  readonly id: string;
  readonly place: string;
}

function fromLines(text: string, file: string): Entry[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, i) => ({ id: line.trim(), place: `${file}:${i + 1}` }))
    .filter(({ id }) => id !== '' && !id.startsWith('#'));
}

function fromJson(text: string, file: string): Entry[] {
  const value = parseJson(text, file);
  if (!Array.isArray(value)) throw new UserError(`${file}: expected a list of ids`);
  return value.map((id: unknown, i) => {
    if (typeof id !== 'string' && typeof id !== 'number') throw new UserError(`${file}: [${i}] is no id`);
    return { id: String(id), place: `${file}: [${i}]` };
  });
}
