/** Runs and baselines as they lie on the disk, read for a comparison. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Baseline, baselineSchema, renderBaseline, runOfBaseline } from '../compare/baseline.js';
import { requireComparable } from '../compare/comparable.js';
import { rulesOf, type ScoredRun, scoredRun } from '../compare/scored-run.js';
import { throwIfProblems, UserError } from '../core/errors.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { readJson } from '../io/json.js';
import { check } from '../io/validate.js';
import { fileSafe, isRunFolder, readConversationRows, readRunHeader } from '../result/run-folder.js';
import type { RunSpec } from '../result/schema.js';

/**
 * @param path a run folder or a baseline file.
 * @throws UserError when it is neither, or not of this version.
 */
export async function readScoredRun(path: string): Promise<ScoredRun> {
  if (isRunFolder(path)) return scoredRun(path, await readRunHeader(path), await readConversationRows(path));
  if (await isFolder(path)) {
    throw new UserError(`${path} is no run folder: it has no run.json`, {
      hint: 'name the folder of one run, or a baseline file',
    });
  }
  if (basename(path) === 'run.json' && isRunFolder(dirname(path))) return readScoredRun(dirname(path));
  return readBaseline(path);
}

/** @throws UserError when it is not a baseline of this version. */
export async function readBaseline(file: string): Promise<ScoredRun> {
  const checked = check(baselineSchema, await readJson(file, { uniqueKeys: true }));
  if (checked.ok) return runOfBaseline(checked.value, file);
  const hint = 'baselines are written by `turnbench baselines update`; a run is named by its folder';
  throwIfProblems(`${file} is not a baseline of this version`, checked.problems, hint);
  throw new Error('a failed check names no problem');
}

/**
 * The baseline that a run will be held against, found before anything is run.
 * @param path the file, or a folder with `<dataset>/<model>.json`.
 * @throws UserError when there is none, it was made of other data or by other rules, or it has conversations that the
 * run leaves out.
 */
export async function baselineFor(path: string, spec: RunSpec): Promise<ScoredRun> {
  const file = (await isFolder(path)) ? baselinePath(path, spec.dataset.name, spec.model.name) : path;
  if (!existsSync(file)) {
    throw new UserError(`there is no baseline ${file}`, {
      hint: 'run without --baseline, then make one with `turnbench baselines update`',
    });
  }
  const baseline = await readBaseline(file);
  requireComparable(baseline, [{ source: 'this run', dataset: spec.dataset, rules: rulesOf(spec) }]);
  const leftOut = [...baseline.conversations.keys()].filter((id) => !spec.dataset.ids.includes(id));
  if (leftOut.length > 0) {
    throw new UserError(`${file} has conversations that this run leaves out: ${leftOut.slice(0, 10).join(', ')}`, {
      hint: 'run all of them, or make a baseline of these few with `turnbench baselines update`',
    });
  }
  return baseline;
}

export function baselinePath(folder: string, dataset: string, model: string): string {
  return join(folder, fileSafe(dataset), `${fileSafe(model)}.json`);
}

/** Write a run as the baseline of its model and data set. */
export async function writeBaseline(file: string, baseline: Baseline): Promise<void> {
  await makeFolder(dirname(file));
  await atomicWrite(file, renderBaseline(baseline));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
