/**
 * A large file over several connections at once. Its segments are written where they belong in `{path}.{hash}.parts`;
 * which of them are whole is kept beside it, so that a later command fetches only the others.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { fileFailure } from './failures.js';

export interface SegmentedDownload {
  readonly url: string;
  /** Where the segments are put together. */
  readonly parts: string;
  readonly bytes: number;
  readonly segmentBytes: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  onProgress?(bytes: number): void;
  /** What a status that is no success means. */
  refusal(status: number): UserError;
}

const CONNECTIONS = 4;
const ATTEMPTS = 3;

/** The server sends the whole file whatever range it is asked for. */
export class RangesIgnored extends Error {}

/**
 * Fetch all segments that are not there yet.
 * @throws RangesIgnored; UserError when the server refuses or the disk is full; what the network says after three
 *   attempts at one segment.
 */
export async function fetchSegments(download: SegmentedDownload): Promise<void> {
  const { parts, bytes, segmentBytes } = download;
  const count = Math.ceil(bytes / segmentBytes);
  const done = await finishedSegments(parts, count);
  const waiting = Array.from({ length: count }, (_, i) => i).filter((i) => !done.has(i));
  let arrived = [...done].reduce((sum, i) => sum + segmentEnd(download, i) - i * segmentBytes, 0);
  const advance = (more: number) => {
    arrived += more;
    download.onProgress?.(arrived);
  };
  advance(0);
  let failed = false;
  const connection = async (file: FileHandle): Promise<void> => {
    for (let i = waiting.shift(); i !== undefined && !failed; i = waiting.shift()) {
      try {
        await fetchSegment(download, file, i, advance);
      } catch (error) {
        failed = true;
        throw error;
      }
      done.add(i);
      keep(parts, count, done);
    }
  };
  let file: FileHandle | undefined;
  try {
    file = await open(parts, existsSync(parts) ? 'r+' : 'w');
    // All connections have ended before the first failure is passed on: nobody writes any more.
    const ended = await Promise.allSettled(Array.from({ length: CONNECTIONS }, () => connection(file as FileHandle)));
    const failure = ended.find((end) => end.status === 'rejected');
    if (failure) throw failure.reason;
  } catch (error) {
    throw fileFailure(error, 'write', parts);
  } finally {
    await file?.close();
  }
}

/** Remove what is kept of a download. */
export async function removeSegments(parts: string): Promise<void> {
  await rm(parts, { force: true });
  await rm(listOf(parts), { force: true });
}

async function fetchSegment(
  download: SegmentedDownload,
  file: FileHandle,
  i: number,
  advance: (bytes: number) => void,
): Promise<void> {
  const start = i * download.segmentBytes;
  const end = segmentEnd(download, i);
  for (let attempt = 1; ; attempt++) {
    let got = 0;
    try {
      for await (const piece of await requestRange(download, start, end)) {
        if (start + got + piece.length > end) throw new Error('more bytes than asked for');
        await file.write(piece, 0, piece.length, start + got);
        got += piece.length;
        advance(piece.length);
      }
      if (start + got === end) return;
      throw new Error(`${got} of ${end - start} bytes arrived`);
    } catch (error) {
      advance(-got);
      download.signal?.throwIfAborted();
      if (error instanceof UserError || error instanceof RangesIgnored || attempt === ATTEMPTS) throw error;
    }
  }
}

async function requestRange(
  download: SegmentedDownload,
  start: number,
  end: number,
): Promise<AsyncIterable<Uint8Array>> {
  const { url, signal } = download;
  const headers = { ...download.headers, 'accept-encoding': 'identity', range: `bytes=${start}-${end - 1}` };
  const response = await fetch(url, { headers, ...(signal ? { signal } : {}) });
  if (response.status === 206 && response.body) return response.body;
  await response.body?.cancel();
  if (response.status === 200) throw new RangesIgnored();
  if (response.status === 429 || response.status >= 500) throw new Error(`it answered ${response.status}`);
  throw download.refusal(response.status);
}

function segmentEnd({ segmentBytes, bytes }: SegmentedDownload, i: number): number {
  return Math.min(bytes, (i + 1) * segmentBytes);
}

const listOf = (parts: string): string => `${parts}.done`;

/** A list that a crash has torn is no list. */
async function finishedSegments(parts: string, count: number): Promise<Set<number>> {
  if (!existsSync(parts)) return new Set();
  const text = await readFile(listOf(parts), 'utf8').catch(() => '');
  const [total, ...segments] = text.split('\n').map(Number);
  if (total !== count || !segments.every((i) => Number.isInteger(i) && i >= 0 && i < count)) return new Set();
  return new Set(segments);
}

function keep(parts: string, count: number, done: ReadonlySet<number>): void {
  writeFileSync(listOf(parts), [count, ...done].join('\n'));
}
