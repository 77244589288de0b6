/** A file on disk read by position, so that nothing longer than the caller's buffer is ever held. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf, UserError } from '../core/errors.js';

export class ByteFile {
  readonly path: string;
  /** Bytes, as of opening. */
  readonly size: number;
  readonly #descriptor: number;

  /** @throws UserError when the file is missing, not a regular file, unreadable or empty. */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openForReading(path);
    const stats = fstatSync(this.#descriptor);
    this.size = stats.size;
    if (stats.isFile() && stats.size > 0) return;
    this.close();
    throw new UserError(stats.isFile() ? `${path}: the file is empty (0 bytes)` : `${path}: not a file`);
  }

  /**
   * Fill `into` from `position` on.
   * @returns bytes read; less than asked for only at the end of the file.
   * @throws UserError when the system cannot read it, such as a disk or a network mount that fails.
   */
  readAt(into: Uint8Array, position: number): number {
    let done = 0;
    while (done < into.length) {
      const count = this.#readSome(into, done, position + done);
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
      return readSync(this.#descriptor, into, from, into.length - from, position);
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
