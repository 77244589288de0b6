/**
 * What the public checker looks at in the folder of a baseline: `predictions-dev.json` and `predictions-test.json` must be
 * there; `probs-eot.json` and `probs-int.json`, of the dev set, may be left out by a model that has no such scores. Each
 * file is judged by itself, so that one run of the check finds everything. Nothing is scored and no audio is read.
 */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { readJson } from '../io/json.js';
import { checkFormatFile } from './check-file.js';
import { durationsOf } from './score-file.js';

export interface SubmissionFile {
  readonly file: string;
  /** `missing` is an error, `absent` is not. */
  readonly status: 'valid' | 'invalid' | 'missing' | 'absent';
  /** What is wrong, or worth a thought; null when nothing is. */
  readonly message: string | null;
}

export interface SubmissionFolder {
  readonly ok: boolean;
  readonly files: readonly SubmissionFile[];
}

/** Data sets, or files of durations, of the two splits. */
export interface SubmissionSplits {
  readonly dev: string;
  readonly test: string;
}

/** @throws UserError when there is no folder, or the conversations of a split that has a file cannot be known. */
export async function checkSubmission(folder: string, splits: SubmissionSplits): Promise<SubmissionFolder> {
  if (!(await isFolder(folder))) {
    throw new UserError(`there is no folder ${folder}`, { hint: 'name the folder of one baseline' });
  }
  const known = new Map<keyof SubmissionSplits, ReadonlyMap<string, number>>();
  const files: SubmissionFile[] = [];
  for (const { file, split, task } of EXPECTED) {
    const path = join(folder, file);
    if (!existsSync(path)) {
      files.push(task ? absent(file, task) : { file, status: 'missing', message: 'it is required' });
      continue;
    }
    const durations = known.get(split) ?? (await conversationsOf(splits[split]));
    known.set(split, durations);
    files.push(await judge(path, file, task, durations));
  }
  return { ok: files.every(({ status }) => status === 'valid' || status === 'absent'), files };
}

const EXPECTED = [
  { file: 'predictions-dev.json', split: 'dev', task: null },
  { file: 'predictions-test.json', split: 'test', task: null },
  { file: 'probs-eot.json', split: 'dev', task: 'eot' },
  { file: 'probs-int.json', split: 'dev', task: 'int' },
] as const;

type ExpectedTask = (typeof EXPECTED)[number]['task'];

function absent(file: string, task: 'eot' | 'int'): SubmissionFile {
  const message = `leave it out only if the model has no ${task.toUpperCase()} probability per frame`;
  return { file, status: 'absent', message };
}

async function judge(
  path: string,
  file: string,
  task: ExpectedTask,
  durations: ReadonlyMap<string, number>,
): Promise<SubmissionFile> {
  try {
    const found = await checkFormatFile(path, durations);
    const expected = task ? 'probability file' : 'predictions file';
    if (found.kind !== expected) return { file, status: 'invalid', message: `a ${found.kind}, not a ${expected}` };
    const odd = task && found.task !== task ? `the public checker accepts it, but its task is '${found.task}'` : null;
    return { file, status: 'valid', message: odd };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    return { file, status: 'invalid', message: `${messageOf(error)}${hint}` };
  }
}

/** Durations by conversation, s: of a data set, or of a file like the public `durations-dev.json`. */
async function conversationsOf(source: string): Promise<ReadonlyMap<string, number>> {
  if (!(source.endsWith('.json') && existsSync(source))) {
    const dataset = await openDataset(source);
    return durationsOf(dataset, dataset.ids);
  }
  const durations = Object.entries(((await readJson(source)) as { durations?: object } | null)?.durations ?? {});
  const isWhole = durations.length > 0 && durations.every(([, s]) => typeof s === 'number' && s >= 0);
  if (isWhole) return new Map(durations);
  throw new UserError(`${source} is not a file of durations`, {
    hint: 'expected {"durations": {"<conversation id>": <seconds>, …}}',
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
