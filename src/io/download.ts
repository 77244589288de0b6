/**
 * Large files over HTTP, so that an interrupted download goes on where it stopped and nothing half-done or damaged
 * ever has the final name. What has arrived is kept in `{path}.{hash}.part`: its name ties it to the content that was
 * being fetched.
 */

import { statSync } from 'node:fs';
import { open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, messageOf, UserError } from '../core/errors.js';
import { makeFolder } from './atomic-write.js';
import { fileFailure } from './failures.js';
import { sha256File } from './hash.js';
import { fetchSegments, RangesIgnored, removeSegments } from './segments.js';

export interface DownloadOptions {
  readonly url: string;
  /** Where the file goes; folders on the way are made. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Files of at least twice so many bytes are fetched over several connections, in pieces of this size. */
  readonly segmentBytes?: number;
  /** What a status that is no success means; absent = the status itself. */
  refusal?(status: number): UserError;
  /** Told with every piece how many bytes are there. */
  onProgress?(bytes: number): void;
}

/** Connections break; each attempt goes on where the last one stopped. */
const ATTEMPTS = 3;

const SEGMENT_BYTES = 32 * 1024 * 1024;

/** Space that must stay free beyond the file itself, bytes. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/**
 * Fetch a file of known size and hash, or the rest of it.
 * @throws UserError (exit code 5) without network, space, permission, or when what arrives is not what was announced;
 *   the reason of `signal` when it is aborted. What has arrived is kept unless it is wrong.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { path, bytes, sha256, segmentBytes = SEGMENT_BYTES } = options;
  const part = `${path}.${sha256.slice(0, 16)}.part`;
  await makeFolder(dirname(path));
  await requireSpace(dirname(path), bytes - sizeOf(part));
  if (bytes >= 2 * segmentBytes && sizeOf(part) === 0 && (await downloadSegments(options, segmentBytes))) return;
  for (let attempt = 1; sizeOf(part) < bytes; attempt++) {
    const before = sizeOf(part);
    try {
      await fetchRest(options, part);
    } catch (error) {
      options.signal?.throwIfAborted();
      const isLast = attempt >= ATTEMPTS && sizeOf(part) <= before;
      if (error instanceof UserError || isLast) throw networkFailure(error, options);
    }
  }
  await moveIfWhole(part, options);
}

/** @throws UserError when it is not what was announced; then it is removed. */
async function moveIfWhole(part: string, { url, path, bytes, sha256 }: DownloadOptions): Promise<void> {
  const found = sizeOf(part) === bytes ? await sha256File(part) : `${sizeOf(part)} bytes`;
  if (found === sha256) return rename(part, path);
  await rm(part, { force: true });
  throw new UserError(`what ${url} sent is not what was announced: ${found}, expected ${sha256}`, {
    hint: 'run the same command again; if it repeats, the mirror or a proxy changes files',
    exitCode: EXIT.prerequisite,
  });
}

/** @returns false when the server knows no ranges. */
async function downloadSegments(options: DownloadOptions, segmentBytes: number): Promise<boolean> {
  const parts = `${options.path}.${options.sha256.slice(0, 16)}.parts`;
  try {
    await fetchSegments({ ...options, parts, segmentBytes, refusal: (status) => refused(options, status) });
  } catch (error) {
    if (error instanceof RangesIgnored) {
      await removeSegments(parts);
      return false;
    }
    options.signal?.throwIfAborted();
    throw networkFailure(error, options);
  }
  await moveIfWhole(parts, options).finally(() => removeSegments(parts));
  return true;
}

function refused({ url, refusal }: DownloadOptions, status: number, statusText = ''): UserError {
  return refusal?.(status) ?? new UserError(`${url} answered ${status} ${statusText}`.trim());
}

async function fetchRest(options: DownloadOptions, part: string): Promise<void> {
  const from = sizeOf(part);
  const headers = {
    ...options.headers,
    'accept-encoding': 'identity',
    ...(from > 0 ? { range: `bytes=${from}-` } : {}),
  };
  const response = await fetch(options.url, { headers, ...(options.signal ? { signal: options.signal } : {}) });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    if (response.status === 416) return rm(part, { force: true });
    throw refused(options, response.status, response.statusText);
  }
  // A server that does not know ranges sends everything again.
  const resumes = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`);
  let done = resumes ? from : 0;
  const file = await open(part, resumes ? 'a' : 'w');
  try {
    for await (const piece of response.body) {
      await file.writeFile(piece).catch((error: unknown) => {
        throw fileFailure(error, 'write', part);
      });
      done += piece.length;
      options.onProgress?.(done);
    }
  } finally {
    await file.close();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes + RESERVE_BYTES) return;
  throw new UserError(`${folder} has ${megabytes(free)} free, ${megabytes(bytes)} are needed`, {
    hint: 'free some space, or set TURNBENCH_CACHE to a folder on another disk',
    exitCode: EXIT.prerequisite,
  });
}

function networkFailure(error: unknown, { url, path }: DownloadOptions): unknown {
  const hint = `run the same command again to go on, or download the file otherwise and put it at ${path}`;
  if (error instanceof UserError) {
    return new UserError(error.message, { hint: error.hint ?? hint, exitCode: EXIT.prerequisite, cause: error });
  }
  return new UserError(`cannot download ${url}: ${reasonOf(error)}`, {
    hint,
    exitCode: EXIT.prerequisite,
    cause: error,
  });
}

/** `fetch` hides what happened in the cause. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? messageOf(cause) || String((cause as NodeJS.ErrnoException).code) : messageOf(error);
}

function megabytes(bytes: number): string {
  return `${Math.max(0, Math.round(bytes / 1e6))} MB`;
}
