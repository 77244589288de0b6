/** Weights that somebody publishes on the hub: fetched once, verified against the hash that the hub states. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../core/errors.js';
import { download } from '../io/download.js';
import { sha256File } from '../io/hash.js';
import { type HubFileInfo, lookUpHubFile } from '../io/hub.js';
import { hubHeaders } from '../io/hub-access.js';

export interface PublishedFile {
  /** For people. */
  readonly title: string;
  readonly repository: string;
  readonly file: string;
  /** Environment variable that names another repository, should this one be renamed. */
  readonly variable: string;
}

export interface FetchOptions {
  /** Where files are kept. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Told of the file before it is fetched; `present` when it need not be. */
  onFile?(source: PublishedFile, info: HubFileInfo, state: 'present' | 'fetching'): void;
  onProgress?(bytes: number, total: number): void;
}

/**
 * Fetch a file unless it is there.
 * @returns its path
 * @throws UserError (exit code 5) with what to open, which variable to set, or which file to put where.
 */
export async function fetchPublished(source: PublishedFile, options: FetchOptions): Promise<string> {
  const { folder, environment = process.env, signal } = options;
  const path = join(folder, source.file);
  const info = await lookUp(source, path, environment);
  const isPresent = existsSync(path) && (await sha256File(path)) === info.sha256;
  options.onFile?.(source, info, isPresent ? 'present' : 'fetching');
  if (isPresent) return path;
  await download({
    ...{ url: info.url, path, bytes: info.bytes, sha256: info.sha256, signal },
    headers: hubHeaders(environment),
    onProgress: (bytes) => options.onProgress?.(bytes, info.bytes),
  });
  return path;
}

async function lookUp(
  source: PublishedFile,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<HubFileInfo> {
  const repository = environment[source.variable] || source.repository;
  try {
    return await lookUpHubFile({ repository, file: source.file }, environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const otherwise = `if it has moved, set ${source.variable} to owner/name; or put the file at ${path} yourself`;
    throw new UserError(`${source.title}: ${error.message}`, {
      hint: `${error.hint}; ${otherwise}`,
      exitCode: EXIT.prerequisite,
      cause: error,
    });
  }
}
