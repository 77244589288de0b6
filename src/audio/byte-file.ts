/**
 * A file on disk, or a part of one, read by position, so that nothing longer than the caller's buffer is ever held.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf, UserError } from '../core/errors.js';

/** Audio that lies somewhere in another file. */
export interface FilePart {
  readonly file: string;
  /** Where it begins in that file, bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** How messages name it. */
  readonly path: string;
}

/** A path, or a part of the file there. */
export type FileSource = string | FilePart;

/** What a header is read from. */
export type Bytes = Pick<ByteFile, 'path' | 'size' | 'bytes'>;

export class ByteFile {
  readonly path: string;
  /** Bytes, as of opening. */
  readonly size: number;
  readonly #descriptor: number;
  readonly #offset: number;

  /** @throws UserError when the file is missing, not a regular file, unreadable, empty or shorter than its part. */
  constructor(source: FileSource) {
    const path = typeof source === 'string' ? source : source.path;
    this.path = path;
    this.#descriptor = openForReading(typeof source === 'string' ? source : source.file);
    const stats = fstatSync(this.#descriptor);
    this.#offset = typeof source === 'string' ? 0 : source.offset;
    this.size = typeof source === 'string' ? stats.size : source.bytes;
    if (stats.isFile() && this.size > 0 && this.#offset + this.size <= stats.size) return;
    this.close();
    if (!stats.isFile()) throw new UserError(`${path}: not a file`);
    throw new UserError(`${path}: ${this.size > 0 ? 'truncated' : 'the file is empty (0 bytes)'}`);
  }

  /**
   * Fill `into` from `position` on.
   * @returns bytes read; less than asked for only at the end of the file.
   * @throws UserError when the system cannot read it, such as a disk or a network mount that fails.
   */
  readAt(into: Uint8Array, position: number): number {
    let done = 0;
    const wanted = Math.max(0, Math.min(into.length, this.size - position));
    while (done < wanted) {
      const count = this.#readSome(into.subarray(0, wanted), done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  /** `count` bytes at `position`, fewer at the end of the file. */
  bytes(position: number, count: number): Uint8Array<ArrayBuffer> {
    const into = new Uint8Array(count);
    return into.subarray(0, this.readAt(into, position));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readSome(into: Uint8Array, from: number, position: number): number {
    try {
      return readSync(this.#descriptor, into, from, into.length - from, this.#offset + position);
    } catch (cause) {
      throw new UserError(`${this.path}: cannot be read at byte ${position}: ${messageOf(cause)}`, { cause });
    }
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UserError(missing ? `${path}: no such file` : `${path}: cannot be opened: ${messageOf(cause)}`, {
      cause,
    });
  }
}
