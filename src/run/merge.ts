/**
 * Shards of a run, each streamed by a machine of its own, become the run that one machine would have made: rows and
 * files in the order of the data set, and every number computed from the rows of all.
 */

import { existsSync } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TASKS } from '../core/events.js';
import { makeFolder } from '../io/atomic-write.js';
import { fileFailure } from '../io/failures.js';
import { canonicalJson, sha256Text } from '../io/hash.js';
import { RunFolder, type StoredRun } from '../result/run-folder.js';
import type { RunHeader } from '../result/schema.js';
import { formOf, inOneForm } from './answer-form.js';
import { concluded, predictionsOf } from './conclude.js';
import { rowWarnings, SINGLE_TURNS } from './data-warnings.js';
import type { FinishedRun } from './evaluate.js';
import { LIVE_FOLDER } from './live.js';
import { mergedProbabilities } from './merged-probabilities.js';
import { PASS_FOLDER } from './pass-files.js';
import type { ShardRuns } from './shard-runs.js';
import { sweepWarnings } from './sweep-warnings.js';
import { NO_PROBABILITIES, PROBABILITY_FILES, wasTracked } from './track-files.js';

/**
 * Write a new run folder. Until its header is there, which comes last, it is no run; when that fails, nothing is left.
 * @param outFolder the run folder is made in here.
 * @param argv for the record.
 * @throws UserError when the folder cannot be written, or a file of a shard cannot be read.
 */
export async function mergeRuns(shards: ShardRuns, outFolder: string, argv: readonly string[]): Promise<FinishedRun> {
  const { ended, spec } = shards;
  const rows = inOneForm(shards.rows);
  const specSha256 = sha256Text(canonicalJson(spec));
  const startedAt = ended.map(({ header }) => header.started_at).reduce((a, b) => (b < a ? b : a));
  const folder = await RunFolder.create(outFolder, new Date(startedAt), spec.model.name, spec.dataset.name, specSha256);
  try {
    await folder.write('predictions.json', predictionsOf(rows));
    for (const { path } of ended) await copyFiles(join(path, LIVE_FOLDER), join(folder.path, LIVE_FOLDER));
    const isTracked = ended.every(({ path, header }) => wasTracked(path, header));
    const trackWarnings = isTracked ? await writeTracks(folder, ended, spec.dataset.ids) : [];
    await folder.settle(rows);
    const begun: RunHeader = {
      ...ended[0].header,
      run: folder.name,
      spec,
      spec_sha256: specSha256,
      environment: { ...ended[0].header.environment, argv: [...argv] },
      started_at: startedAt,
    };
    const header = concluded(begun, rows, {
      planned: spec.dataset.ids.length,
      wallS: ended.reduce((sum, run) => sum + (run.header.timing?.wall_s ?? 0), 0),
      finishedAt: ended.map((run) => run.header.finished_at!).reduce((a, b) => (b > a ? b : a)),
      dataWarnings: [...new Set(ended.flatMap(generalWarnings)), ...machineWarnings(ended)],
      singleTurns: hasSingleTurns(ended[0]),
      trackWarnings,
    });
    await folder.writeHeader(header);
    await folder.close();
    return { folder, header, rows };
  } catch (error) {
    await folder.close();
    await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
}

/** @returns what people should be told. */
async function writeTracks(folder: RunFolder, runs: readonly StoredRun[], ids: readonly string[]): Promise<string[]> {
  for (const { path } of runs) await copyFiles(join(path, PASS_FOLDER), join(folder.path, PASS_FOLDER));
  const answered = runs.filter(({ path }) => existsSync(join(path, PROBABILITY_FILES.eot)));
  if (answered.length === 0) return [NO_PROBABILITIES];
  for (const task of TASKS) {
    const files = answered.map(({ path }) => join(path, PROBABILITY_FILES[task]));
    await folder.write(PROBABILITY_FILES[task], mergedProbabilities(files, ids));
  }
  return [];
}

async function copyFiles(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await makeFolder(to);
  for (const name of await readdir(from)) {
    await copyFile(join(from, name), join(to, name)).catch((error: unknown) => {
      throw fileFailure(error, 'write', join(to, name));
    });
  }
}

/** What a run was told of the data set or its machine: all that does not follow from its rows. */
function generalWarnings(run: StoredRun): string[] {
  const { header, rows } = run;
  const { spec, operating_points: points } = header;
  const derived = new Set([
    ...rowWarnings(rows, spec, hasSingleTurns(run)),
    ...sweepWarnings(points, spec.sweep_thresholds ?? [], formOf(rows) === 'bits'),
    NO_PROBABILITIES,
  ]);
  return header.warnings.filter((warning) => !derived.has(warning));
}

function hasSingleTurns({ header }: StoredRun): boolean {
  return header.warnings.includes(SINGLE_TURNS);
}

/** Processors pick other instructions, which add in another order: the last digits of a probability may move. */
function machineWarnings(runs: readonly StoredRun[]): string[] {
  const machines = new Set(runs.map(({ header: { environment: e } }) => `${e.cpu.model}, Node ${e.node}`));
  if (machines.size === 1) return [];
  return [`the shards ran on machines that may round differently: ${[...machines].join('; ')}`];
}
