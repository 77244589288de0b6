/** Fetching a published network: `turnbench models pull smart-turn-v3[@VERSION]`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../../core/errors.js';
import { download } from '../../io/download.js';
import { sha256File } from '../../io/hash.js';
import { type HubFileInfo, hubHeaders, lookUpHubFile } from '../../io/hub.js';
import { fileOf, REPOSITORY, type SmartTurnVersion } from './published.js';

/** Environment variable that names another repository, should this one be renamed. */
const REPOSITORY_VARIABLE = 'TURNBENCH_SMART_TURN_REPOSITORY';

type Environment = Readonly<Record<string, string | undefined>>;

export interface PullOptions {
  readonly folder: string;
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  /** Told of the file before it is fetched; `present` when it need not be. */
  onFile?(info: HubFileInfo, state: 'present' | 'fetching'): void;
  onProgress?(bytes: number, total: number): void;
}

/**
 * Fetch a network unless it is there, verified against the hash that the hub states.
 * @returns its path
 * @throws UserError (exit code 5) with what to open, which variable to set, or which file to put where.
 */
export async function pullSmartTurn(version: SmartTurnVersion, options: PullOptions): Promise<string> {
  const { folder, environment = process.env, signal } = options;
  const path = join(folder, fileOf(version));
  const info = await lookUp(fileOf(version), path, environment);
  const isPresent = existsSync(path) && (await sha256File(path)) === info.sha256;
  options.onFile?.(info, isPresent ? 'present' : 'fetching');
  if (isPresent) return path;
  await download({
    ...{ url: info.url, path, bytes: info.bytes, sha256: info.sha256, signal },
    headers: hubHeaders(environment),
    onProgress: (bytes) => options.onProgress?.(bytes, info.bytes),
  });
  return path;
}

async function lookUp(file: string, path: string, environment: Environment): Promise<HubFileInfo> {
  const repository = environment[REPOSITORY_VARIABLE] || REPOSITORY;
  try {
    return await lookUpHubFile({ repository, file }, environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const otherwise = `if it has moved, set ${REPOSITORY_VARIABLE} to owner/name; or put the file at ${path} yourself`;
    throw new UserError(`Smart Turn: ${error.message}`, {
      hint: `${error.hint}; ${otherwise}`,
      exitCode: EXIT.prerequisite,
      cause: error,
    });
  }
}
