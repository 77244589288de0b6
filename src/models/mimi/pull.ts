/** The published weights of the Mimi endpointer: `turnbench models pull mimi-endpointer`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../../core/errors.js';
import { download } from '../../io/download.js';
import { sha256File } from '../../io/hash.js';
import { type HubFileInfo, hubHeaders, lookUpHubFile } from '../../io/hub.js';

export type SourceRole = 'mimi' | 'checkpoint';

export interface PublishedSource {
  readonly role: SourceRole;
  readonly title: string;
  readonly repository: string;
  readonly file: string;
  /** Environment variable that names another repository, should this one be renamed. */
  readonly variable: string;
}

export const PUBLISHED: readonly PublishedSource[] = [
  {
    role: 'mimi',
    title: 'Mimi codec (Kyutai)',
    repository: 'kyutai/moshiko-pytorch-bf16',
    file: 'tokenizer-e351c8d8-checkpoint125.safetensors',
    variable: 'TURNBENCH_MIMI_REPOSITORY',
  },
  {
    role: 'checkpoint',
    title: 'Mimi endpointer (Udupa et al.)',
    repository: 'viks66/mimi-endpointer',
    file: 'checkpoint.pt',
    variable: 'TURNBENCH_MIMI_ENDPOINTER_REPOSITORY',
  },
];

export interface PullOptions {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Told of every file before it is fetched; `present` when nothing has to be. */
  onSource?(source: PublishedSource, info: HubFileInfo, state: 'present' | 'fetching'): void;
  onProgress?(source: PublishedSource, bytes: number, total: number): void;
}

/** Where a published file is kept. */
export function sourcePath(folder: string, role: SourceRole): string {
  return join(folder, PUBLISHED.find((source) => source.role === role)!.file);
}

/**
 * Fetch what is not there yet, and verify everything against the hashes that the hub states.
 * @throws UserError (exit code 5) with what to open, which variable to set, or which file to put where.
 */
export async function pullMimiEndpointer(options: PullOptions): Promise<void> {
  const { folder, environment = process.env, signal } = options;
  for (const source of PUBLISHED) {
    const path = sourcePath(folder, source.role);
    const info = await lookUp(source, path, environment);
    const isPresent = existsSync(path) && (await sha256File(path)) === info.sha256;
    options.onSource?.(source, info, isPresent ? 'present' : 'fetching');
    if (isPresent) continue;
    await download({
      ...{ url: info.url, path, bytes: info.bytes, sha256: info.sha256, signal },
      headers: hubHeaders(environment),
      onProgress: (bytes) => options.onProgress?.(source, bytes, info.bytes),
    });
  }
}

async function lookUp(
  source: PublishedSource,
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
