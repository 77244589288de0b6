/**
 * A data set in a folder: `dataset.json` and one folder per conversation, whose name is the conversation's id. Folders
 * whose name begins with a dot are not looked at; files beside the conversations are ignored.
 */

import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Conversation, compareIds, type Dataset, type DatasetInfo } from '../core/conversation.js';
import { throwIfProblems } from '../core/errors.js';
import { fileFailure } from '../io/failures.js';
import { sha256Text } from '../io/hash.js';
import { parseJson } from '../io/json.js';
import { readText } from '../io/text.js';
import { collidingIds, missingAnnotators } from './consistency.js';
import { readConversation } from './conversation.js';
import { attempt, type Findings, noFindings, note } from './findings.js';
import { requireKnown } from './known.js';
import { recogniseFiles } from './layout.js';
import { parseDatasetInfo, undescribed } from './metadata.js';

const DATASET_FILE = 'dataset.json';

/** Conversations read at a time: enough to keep a network mount busy, far from any limit of open files. */
const AT_ONCE = 16;

/** A whole data set as it was found, whether it can be used or not. */
export interface DirectoryReading {
  readonly path: string;
  /** What opens it again, from any working folder. */
  readonly location: string;
  readonly info: DatasetInfo;
  /** In natural order of ids; those that could be read. */
  readonly conversations: readonly Conversation[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Open a data-set folder. Annotations, metadata and audio headers are read and checked; no audio is decoded.
 * @throws UserError listing all problems of the data set at once.
 */
export async function openDirectory(folder: string): Promise<Dataset> {
  return datasetOf(await readDirectory(folder), folder);
}

/**
 * A data set of what was read.
 * @throws UserError listing all problems at once.
 */
export function datasetOf(reading: DirectoryReading, shownAs: string): Dataset {
  const { location, info, conversations, problems, warnings } = reading;
  throwIfProblems(
    `data set ${shownAs}`,
    problems,
    'mend these files, then run `turnbench datasets verify` on the folder',
  );
  const byId = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  const ids = [...byId.keys()];
  return {
    location,
    info,
    ids,
    warnings,
    open: async (id) => {
      const found = byId.get(id);
      if (!found) requireKnown('conversation', id, ids);
      return found as Conversation;
    },
  };
}

/**
 * Read a data-set folder and report what is wrong with it.
 * @throws UserError only when there is no such folder.
 */
export async function readDirectory(folder: string): Promise<DirectoryReading> {
  const path = resolve(folder);
  const findings = noFindings();
  const fingerprint: string[] = [];
  const ids = await conversationIds(path, folder);
  const described = await readInfo(path, findings, fingerprint);
  if (ids.length === 0) findings.problems.push(await nothingThere(path));
  findings.problems.push(...collidingIds(ids));

  const readings = await inGroups(ids, (id) => readConversation(path, id));
  for (const reading of readings) {
    findings.problems.push(...reading.problems);
    findings.warnings.push(...reading.warnings);
    fingerprint.push(...reading.fingerprint);
  }
  findings.problems.push(...missingAnnotators(readings));
  const revision = sha256Text(fingerprint.sort().join('\n')).slice(0, 12);
  const conversations = readings.flatMap(({ conversation }) => (conversation ? [conversation] : []));
  return { path, location: path, info: { ...described, revision }, conversations, ...findings };
}

async function conversationIds(path: string, shownAs: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const ids: string[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const linked =
        entry.isSymbolicLink() && (await stat(join(path, entry.name)).catch(() => undefined))?.isDirectory();
      if (linked || entry.isDirectory()) ids.push(entry.name);
    }
    return ids.sort(compareIds);
  } catch (error) {
    throw fileFailure(error, 'read', `data set ${shownAs}`);
  }
}

/** What the data set says about itself. Adds to what is found, and to what identifies it. */
export async function readInfo(
  path: string,
  findings: Findings,
  fingerprint: string[],
): Promise<Omit<DatasetInfo, 'revision'>> {
  const name = basename(path) || path;
  if (!(await stat(join(path, DATASET_FILE)).catch(() => undefined))) {
    findings.warnings.push(`no ${DATASET_FILE}: the data set is called '${name}' after its folder`);
    return undescribed(name);
  }
  const info = await attempt(findings, path, async () => {
    const text = await readText(join(path, DATASET_FILE), DATASET_FILE);
    fingerprint.push(`${DATASET_FILE} ${sha256Text(text)}`);
    const reading = parseDatasetInfo(parseJson(text, DATASET_FILE, { uniqueKeys: true }));
    note(findings, DATASET_FILE, reading);
    return reading.value;
  });
  return info ?? undescribed(name);
}

async function nothingThere(path: string): Promise<string> {
  const { none } = recogniseFiles(await readdir(path));
  return none
    ? 'no conversations: expected one folder per conversation'
    : 'no conversations, but the files of one: name the folder that contains this folder';
}

async function inGroups<A, B>(items: readonly A[], action: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(action))));
  }
  return results;
}
