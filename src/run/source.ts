/**
 * What a command reads when it is given a file or a run folder. A file speaks of a whole data set; the files of a run
 * speak of the conversations that finished in it, and belong to the data set that it ran on.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { isRunFolder, readConversationRows, readRunHeader } from '../result/run-folder.js';

export interface Source {
  readonly file: string;
  /** Conversations to be looked at, in natural order. */
  readonly ids: readonly string[];
}

/**
 * @param name of the file in a run folder.
 * @param selected only these conversations.
 * @throws UserError when a run folder is unreadable, has no such file, or is a run on other data.
 */
export async function sourceFile(
  path: string,
  name: string,
  dataset: Dataset,
  selected: readonly string[] = dataset.ids,
): Promise<Source> {
  if (!isRunFolder(path)) return { file: path, ids: selected };
  const ids = (await finishedIds(path, dataset)).filter((id) => selected.includes(id));
  const file = join(path, name);
  if (existsSync(file)) return { file, ids };
  throw new UserError(`${path} has no ${name}`, {
    hint: name.startsWith('probs-') ? 'make the run with --tracks and a model that answers P(floor)' : 'run it again',
  });
}

/** @throws UserError as `sourceFile`. */
export async function finishedIds(run: string, dataset: Dataset): Promise<readonly string[]> {
  const ranOn = (await readRunHeader(run)).spec.dataset;
  const { name, version, revision } = dataset.info;
  if (ranOn.revision !== revision) {
    throw new UserError(
      `${run} is a run on ${ranOn.name} ${ranOn.version} (${ranOn.revision}), not on ${name} ${version} (${revision})`,
      { hint: 'name its data set with -d' },
    );
  }
  const rows = await readConversationRows(run);
  const finished = new Set(rows.filter(({ status }) => status === 'ok').map((row) => row.conversation_id));
  return dataset.ids.filter((id) => finished.has(id));
}
