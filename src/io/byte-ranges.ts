/** A file that is read by ranges, wherever it lies: on this disk, or on a server that knows HTTP ranges (RFC 9110). */

import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EXIT, UserError } from '../core/errors.js';
import { atomicWrite, makeFolder } from './atomic-write.js';
import { reasonOf } from './download.js';
import { fileFailure } from './failures.js';
import { readBytes } from './text.js';

export interface ByteRanges {
  /** How messages name it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Bytes `start` up to `end`, exactly.
   * @throws UserError when they cannot be had.
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** @throws UserError when there is no such file. */
export async function localRanges(path: string, name = path): Promise<ByteRanges> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileFailure(error, 'read', name);
  });
  return { name, size, read: (start, end) => readLocal(path, name, start, end) };
}

async function readLocal(path: string, name: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  try {
    const file = await open(path);
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw truncated(name, start + done);
        done += bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileFailure(error, 'read', name);
  }
  return bytes;
}

export interface RemoteFile {
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What a status that is no success means. */
  refusal(status: number): UserError;
}

/** Connections break and servers are busy; each attempt asks for the whole range again. */
const ATTEMPTS = 4;
const PAUSE_MS = 250;

export function remoteRanges(file: RemoteFile): ByteRanges {
  const read = async (start: number, end: number) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchRange(file, start, end);
      } catch (error) {
        if (error instanceof UserError) throw error;
        if (attempt === ATTEMPTS) throw unreachable(file, error);
      }
      await setTimeout(PAUSE_MS * attempt);
    }
  };
  return { name: file.name, size: file.size, read };
}

async function fetchRange(file: RemoteFile, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const range = `bytes=${start}-${end - 1}`;
  const response = await fetch(file.url, { headers: { ...file.headers, 'accept-encoding': 'identity', range } });
  if (response.status === 206) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== end - start) throw new Error(`${bytes.length} of ${end - start} bytes arrived`);
    return bytes;
  }
  await response.body?.cancel();
  if (response.status === 200) {
    throw new UserError(`${file.url} cannot be read by ranges: the server sends the whole file`, {
      hint: 'use the hub itself or a mirror that knows ranges, or pull the data set first: turnbench datasets pull',
      exitCode: EXIT.prerequisite,
    });
  }
  if (response.status === 429 || response.status >= 500) throw new Error(`it answered ${response.status}`);
  throw file.refusal(response.status);
}

function unreachable({ name, url }: RemoteFile, error: unknown): UserError {
  return new UserError(`cannot read ${name} from ${new URL(url).origin}: ${reasonOf(error)}`, {
    hint: 'check the network and try again',
    exitCode: EXIT.prerequisite,
    cause: error,
  });
}

/**
 * The same file; what was read of it is kept in a folder and not fetched again. Only for files that never change, such
 * as those of a commit.
 */
export function cachedRanges(ranges: ByteRanges, folder: string): ByteRanges {
  const read = async (start: number, end: number) => {
    const path = join(folder, `${start}-${end}`);
    const kept = await stat(path).catch(() => undefined);
    if (kept?.size === end - start) return new Uint8Array(await readBytes(path));
    const bytes = await ranges.read(start, end);
    await makeFolder(folder);
    await atomicWrite(path, bytes);
    return bytes;
  };
  return { ...ranges, read };
}

function truncated(name: string, at: number): UserError {
  return new UserError(`${name}: truncated: the file ends at byte ${at}`, { hint: 'copy or download it again' });
}
