/** Entries of a leaderboard as they lie on the disk: run folders, and folders or files of predictions. */

import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { LeaderboardEntry } from '../compare/leaderboard.js';
import type { Dataset } from '../core/conversation.js';
import { throwIfProblems, UserError } from '../core/errors.js';
import { TASKS, type Task } from '../core/events.js';
import type { Gold } from '../core/gold.js';
import { SPEAKERS } from '../core/speaker.js';
import { isRunFolder, readRun, type StoredRun } from '../result/run-folder.js';
import { GOLD_VERSION, SCORER_VERSION, type TaskScore } from '../result/schema.js';
import { taskScore } from '../result/totals.js';
import { sumTaskCounts } from '../score/counts.js';
import { countTask, goldOf, readPredictions } from './score-file.js';

export interface LeaderboardSources {
  readonly entries: readonly LeaderboardEntry[];
  /** Name of the data set. */
  readonly dataset: string;
}

/**
 * @param paths run folders, predictions files, folders of one predictions file, folders of such folders.
 * @param dataset with the gold of predictions; without it there can only be runs.
 * @param split `predictions-<split>.json` comes before `predictions.json`.
 * @throws UserError when something is no entry, is not whole, breaks the format, or was scored on other data.
 */
export async function leaderboardEntries(
  paths: readonly string[],
  dataset: Dataset | null,
  split: string,
): Promise<LeaderboardSources> {
  const sources = (await Promise.all(paths.map((path) => sourcesAt(path, split)))).flat();
  // Named twice is there once.
  const found = [...new Map(sources.map((source) => [resolve(source.path), source])).values()];
  const runs: StoredRun[] = [];
  for (const { path, kind } of found) if (kind === 'run') runs.push(await readRun(path));
  requireSameBasis(runs, dataset);
  const predictions = found.filter(({ kind }) => kind === 'predictions');
  if (predictions.length > 0 && !dataset) {
    throw new UserError(`${predictions[0]!.path} has to be scored`, { hint: 'name its data set with -d' });
  }
  const golds = predictions.length > 0 && dataset ? await goldOf(dataset) : new Map<string, Gold>();
  const entries: Named[] = [];
  for (const { path, kind } of found) {
    if (kind === 'run') entries.push(runEntry(runs.find((run) => run.path === path)!));
    else entries.push(await predictionsEntry(path, dataset!, golds));
  }
  return { entries: withDistinctNames(entries), dataset: dataset?.info.name ?? runs[0]!.header.spec.dataset.name };
}

/** The split that a data set is, by its name, as the public tool guesses it. */
export function splitOf(datasetName: string): 'dev' | 'test' {
  return /test|golden/.test(datasetName) ? 'test' : 'dev';
}

interface Source {
  readonly path: string;
  readonly kind: 'run' | 'predictions';
}

type Named = LeaderboardEntry & { readonly path: string };

async function sourcesAt(path: string, split: string): Promise<Source[]> {
  if (isRunFolder(path)) return [{ path, kind: 'run' }];
  const about = await stat(path).catch(() => null);
  if (about?.isFile()) return [{ path, kind: 'predictions' }];
  if (!about) throw new UserError(`there is no ${path}`, { hint: 'name run folders, or folders of predictions' });
  const own = predictionsIn(path, split);
  if (own) return [{ path: own, kind: 'predictions' }];
  const inside = (await readdir(path)).sort().flatMap((name): Source[] => {
    const folder = join(path, name);
    if (isRunFolder(folder)) return [{ path: folder, kind: 'run' }];
    const file = predictionsIn(folder, split);
    return file ? [{ path: file, kind: 'predictions' }] : [];
  });
  if (inside.length > 0) return inside;
  throw new UserError(`${path} has no entry of a leaderboard`, {
    hint: `expected run folders, or predictions-${split}.json or predictions.json, in it or in its folders`,
  });
}

function predictionsIn(folder: string, split: string): string | undefined {
  return [`predictions-${split}.json`, 'predictions.json'].map((name) => join(folder, name)).find(existsSync);
}

/** @throws UserError naming runs that are not whole, or not on the same conversations by the same rules. */
function requireSameBasis(runs: readonly StoredRun[], dataset: Dataset | null): void {
  const first = runs[0]?.header.spec;
  if (!first) return;
  const expected = dataset
    ? basisOf({ revision: dataset.info.revision, ids: dataset.ids }, GOLD_VERSION, SCORER_VERSION)
    : basisOf(first.dataset, first.gold_version, first.scorer_version);
  const problems = runs.flatMap(({ path, header: { spec, status, totals } }) => {
    if (status !== 'success' || !totals) return [`${path}: the run is not whole, or scored nothing (${status})`];
    if (basisOf(spec.dataset, spec.gold_version, spec.scorer_version) === expected) return [];
    return [`${path}: on other conversations or by other rules (${spec.dataset.name} ${spec.dataset.version})`];
  });
  const hint = 'every entry must be scored on the same whole data set by the same version';
  throwIfProblems('these runs cannot be ranked together', problems, hint);
}

function basisOf(
  { revision, ids }: { readonly revision: string; readonly ids: readonly string[] },
  ...versions: readonly number[]
): string {
  return JSON.stringify([revision, ids, versions]);
}

function runEntry({ path, header, rows }: StoredRun): Named {
  const events = rows.flatMap((row) => (row.status === 'ok' ? [row.events] : []));
  const supports = (key: 'eot' | 'interruption') =>
    events.some((event) => event.speaker_1[key].length + event.speaker_2[key].length > 0);
  const { eot, int } = header.totals!;
  return {
    path,
    model: header.spec.model.name,
    scores: { eot: supports('eot') ? eot : null, int: supports('interruption') ? int : null },
  };
}

async function predictionsEntry(path: string, dataset: Dataset, golds: ReadonlyMap<string, Gold>): Promise<Named> {
  const events = await readPredictions(path, dataset, dataset.ids);
  const scoreOf = (task: Task): TaskScore | null => {
    const supported = [...events.values()].some((each) => SPEAKERS.some((speaker) => each[speaker][task].length > 0));
    if (!supported) return null;
    return taskScore(sumTaskCounts(dataset.ids.map((id) => countTask(golds.get(id)!, events.get(id)!, task))));
  };
  const [eot, int] = TASKS.map(scoreOf) as [TaskScore | null, TaskScore | null];
  return { path, model: predictionsName(path), scores: { eot, int } };
}

/** That of the folder, unless the file has a name of its own. */
function predictionsName(path: string): string {
  const name = basename(path, '.json');
  return name.startsWith('predictions') ? basename(dirname(resolve(path))) : name;
}

function withDistinctNames(entries: readonly Named[]): LeaderboardEntry[] {
  return entries.map(({ model, path, scores }) => {
    const isOnly = entries.filter((other) => other.model === model).length === 1;
    return { model: isOnly ? model : `${model} (${basename(path)})`, scores };
  });
}
