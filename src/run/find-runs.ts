import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { fileFailure } from '../io/failures.js';
import { isRunFolder } from '../result/run-folder.js';

/**
 * Run folders, each once: those that are named, and those at most two levels below any other folder that is named,
 * which is where shards put them. A folder that a killed process made and did not fill is none.
 * @throws UserError for a folder that cannot be read or holds no run.
 */
export async function findRuns(paths: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const runs = isRunFolder(path) ? [path] : await runsBelow(path, 2);
    if (runs.length === 0) {
      throw new UserError(`${path} is no run folder and holds none`, { hint: 'turnbench eval makes them' });
    }
    for (const run of runs) found.set(resolve(run), run);
  }
  return [...found.values()];
}

async function runsBelow(path: string, levels: number): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw fileFailure(error, 'read', path);
  });
  const runs: string[] = [];
  for (const entry of entries.filter((one) => one.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const folder = join(path, entry.name);
    if (isRunFolder(folder)) runs.push(folder);
    else if (levels > 1) runs.push(...(await runsBelow(folder, levels - 1)));
  }
  return runs;
}
