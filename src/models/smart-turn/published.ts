/** The published Smart Turn v3 networks: names, files, and where they are kept. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../../core/errors.js';
import { nearest } from '../../core/registry.js';
import { cacheFolder } from '../../io/cache.js';

export const SMART_TURN = 'smart-turn-v3';
export const REPOSITORY = 'pipecat-ai/smart-turn-v3';

/** -cpu is int8, -gpu is fp32; both run on CPUs. 3.0 came as int8 only. */
export const VERSIONS = ['3.0-cpu', '3.1-cpu', '3.1-gpu', '3.2-cpu', '3.2-gpu'] as const;
export type SmartTurnVersion = (typeof VERSIONS)[number];

/** What pipecat ships with. */
export const DEFAULT_VERSION: SmartTurnVersion = '3.2-cpu';

export function fileOf(version: SmartTurnVersion): string {
  return version === '3.0-cpu' ? 'smart-turn-v3.0.onnx' : `smart-turn-v${version}.onnx`;
}

/** Where `models pull` puts its files. */
export function smartTurnFolder(): string {
  return join(cacheFolder(), 'models', SMART_TURN);
}

/**
 * `smart-turn-v3`, with `@3.0`, `@3.1` or `@3.2`, and with `-cpu` or `-gpu`.
 * @throws UserError when it is none of the published.
 */
export function parseSmartTurn(text: string): SmartTurnVersion {
  const [number, kind] = DEFAULT_VERSION.split('-');
  const match = /^smart-turn-v3(?:@([^-]+))?(?:-(.+))?$/.exec(text);
  const wanted = match ? `${match[1] ?? number}-${match[2] ?? kind}` : text;
  const found = VERSIONS.find((version) => version === wanted);
  if (found) return found;
  const names = VERSIONS.map((version) => `${SMART_TURN}@${version}`);
  const near = nearest(text, names);
  throw new UserError(`there is no '${text}'${near ? `: did you mean '${near}'?` : ''}`, {
    hint: `published are ${names.join(', ')}; ${SMART_TURN} alone is ${SMART_TURN}@${DEFAULT_VERSION}`,
  });
}

/**
 * Path of a published network that has been fetched.
 * @throws UserError (exit code 5) when it has not.
 */
export function fetchedNetwork(version: SmartTurnVersion, folder: string = smartTurnFolder()): string {
  const path = join(folder, fileOf(version));
  if (existsSync(path)) return path;
  throw new UserError(`the weights ${fileOf(version)} are not there`, {
    hint: `fetch them with 'turnbench models pull ${SMART_TURN}@${version}', put the file at ${path}, or name another one with -o model=PATH`,
    exitCode: EXIT.prerequisite,
  });
}
