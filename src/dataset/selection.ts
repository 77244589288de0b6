/** Which conversations of a data set a command works on. */

import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { requireKnown } from './known.js';
import { readSplit } from './split-file.js';

export interface Selection {
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
  /** Only those that this file lists. */
  readonly split?: string | undefined;
  /** Only those that have every one of these tags, as `tag=value`. */
  readonly where?: readonly string[] | undefined;
  /** Only the first so many of what is left. At least 1. */
  readonly limit?: number | undefined;
}

/**
 * Ids of the selected conversations, in natural order whatever order they were named in, each once.
 * @throws UserError on an unknown id or tag, or when nothing is left.
 */
export async function selectIds(dataset: Dataset, selection: Selection): Promise<readonly string[]> {
  const { ids, split, where = [], limit } = selection;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    throw new UserError(`cannot select the first ${limit} conversations`, {
      hint: 'give a whole number of at least 1',
    });
  }
  for (const id of ids ?? []) requireKnown('conversation', id, dataset.ids);
  const listed = split === undefined ? undefined : await readSplit(split, dataset.ids);
  const named = dataset.ids.filter((id) => (ids?.includes(id) ?? true) && (listed?.has(id) ?? true));
  const tagged = where.length === 0 ? named : await withTags(dataset, named, where);
  if (tagged.length === 0) throw new UserError('no conversation is selected', { hint: 'name at least one id' });
  return tagged.slice(0, limit);
}

/** The same data set with only the conversations that a file lists; all of it without one. */
export async function partOf(dataset: Dataset, split: string | undefined): Promise<Dataset> {
  return split === undefined ? dataset : { ...dataset, ids: await selectIds(dataset, { split }) };
}

async function withTags(
  dataset: Dataset,
  ids: readonly string[],
  where: readonly string[],
): Promise<readonly string[]> {
  const conversations = await Promise.all(ids.map((id) => dataset.open(id)));
  let left = conversations;
  for (const condition of where) {
    const [tag, value] = splitCondition(condition);
    requireKnown('tag', tag, [...new Set(conversations.flatMap(({ tags }) => Object.keys(tags)))]);
    const matching = left.filter(({ tags }) => tags[tag] === value);
    if (matching.length === 0) {
      const values = [...new Set(left.flatMap(({ tags }) => tags[tag] ?? []))].sort();
      const hint = values.length === 0 ? 'drop one of the conditions' : `values of ${tag}: ${values.join(', ')}`;
      throw new UserError(`no conversation is left where ${condition}`, { hint });
    }
    left = matching;
  }
  return left.map(({ id }) => id);
}

function splitCondition(condition: string): readonly [tag: string, value: string] {
  const at = condition.indexOf('=');
  if (at < 1) throw new UserError(`'${condition}' is not tag=value`, { hint: 'such as conversation_type=casual' });
  return [condition.slice(0, at), condition.slice(at + 1)];
}
