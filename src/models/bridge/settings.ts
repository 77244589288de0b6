/** Options of a model in another process: those for its process, and the rest, which are the model's own. */

import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { throwIfProblems } from '../../core/errors.js';
import type { ModelOptions } from '../../core/model.js';

export interface ProcessOptions {
  /** Absolute. */
  readonly folder: string;
  /** That of the harness with `env.NAME=value` on top. */
  readonly environment: NodeJS.ProcessEnv;
  readonly loadDeadlineS: number;
  readonly ownOptions: ModelOptions;
}

/** Long enough for weights that are downloaded on first use, s. */
const LOAD_DEADLINE_S = 600;
const LONGEST_LOAD_S = 86_400;

/**
 * @param from folder in which the process runs unless `cwd` says otherwise, and against which that is resolved.
 * @throws UserError with everything that is wrong at once.
 */
export function processOptions(name: string, options: ModelOptions, from: string): ProcessOptions {
  const { cwd = '.', load_deadline_s: loadDeadlineS = LOAD_DEADLINE_S, ...rest } = options;
  const folder = resolve(from, String(cwd));
  const problems: string[] = [];
  if (!statOf(folder)?.isDirectory()) problems.push(`cwd: there is no folder ${folder}`);
  if (!(typeof loadDeadlineS === 'number' && loadDeadlineS > 0 && loadDeadlineS <= LONGEST_LOAD_S)) {
    problems.push(`load_deadline_s must be a number > 0 and ≤ ${LONGEST_LOAD_S} (s); it is ${loadDeadlineS}`);
  }
  const entries = Object.entries(rest);
  const variables = entries.filter(([key]) => key.startsWith(ENVIRONMENT));
  for (const [key] of variables) if (key === ENVIRONMENT) problems.push(`'${key}' names no variable`);
  throwIfProblems(`options of ${name}`, problems);
  return {
    folder,
    environment: {
      ...process.env,
      ...Object.fromEntries(variables.map(([key, value]) => [key.slice(ENVIRONMENT.length), String(value)])),
    },
    loadDeadlineS: loadDeadlineS as number,
    ownOptions: Object.fromEntries(entries.filter(([key]) => !key.startsWith(ENVIRONMENT))),
  };
}

const ENVIRONMENT = 'env.';

/** A path is one from where the user is; a bare name is looked up on PATH. */
export function programAt(name: string, from: string): string {
  return /[/\\]/.test(name) ? resolve(from, name) : name;
}

/** Undefined when nothing is there that could be looked at. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
