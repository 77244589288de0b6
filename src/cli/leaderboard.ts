/** `turnbench report --leaderboard`. */

import { dirname } from 'node:path';
import { type LeaderboardContext, leaderboardDocument } from '../compare/leaderboard.js';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { renderLeaderboardHtml, renderLeaderboardMarkdown, renderLeaderboardText } from '../report/leaderboard.js';
import { leaderboardEntries, splitOf } from '../run/leaderboard.js';
import { DEFAULT_FP_BUDGET } from '../sweep/operating-point.js';
import { printJson } from './options.js';

export interface LeaderboardFlags {
  readonly dataset?: readonly string[];
  readonly split?: 'dev' | 'test';
  readonly md?: string;
  readonly html?: string;
  readonly json?: boolean;
}

export async function printLeaderboard(paths: readonly string[], flags: LeaderboardFlags): Promise<void> {
  const [name, ...others] = flags.dataset ?? [];
  if (others.length > 0) throw new UserError('a leaderboard is of one data set', { hint: 'give -d once' });
  const dataset = name === undefined ? null : await openDataset(name);
  const { entries, dataset: datasetName } = await leaderboardEntries(
    paths,
    dataset,
    flags.split ?? splitOf(dataset?.info.name ?? ''),
  );
  const context: LeaderboardContext = {
    dataset: datasetName,
    split: flags.split ?? splitOf(datasetName),
    fpBudget: DEFAULT_FP_BUDGET,
  };
  if (flags.md !== undefined) await writeFile(flags.md, renderLeaderboardMarkdown(entries, context));
  if (flags.html !== undefined) await writeFile(flags.html, renderLeaderboardHtml(entries, context));
  if (flags.json) printJson(leaderboardDocument(entries, context));
  else process.stdout.write(renderLeaderboardText(entries, context));
}

async function writeFile(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  await atomicWrite(file, text);
}
