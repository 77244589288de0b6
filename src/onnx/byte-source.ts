/**
 * Random access to a file of unknown origin. Every offset that comes out of such a file goes through `read`, which
 * refuses anything outside it, so that a reader built on top cannot be led past the end or into a huge allocation.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../core/errors.js';

export interface ByteSource {
  /** File name without folder, for messages. */
  readonly file: string;
  /** Bytes. */
  readonly length: number;
  /**
   * A fresh copy of `length` bytes from `offset`.
   * @throws UserError when the range is not inside the file, naming `what`.
   */
  read(offset: number, length: number, what: string): Uint8Array;
  close(): void;
}

/** @throws UserError when the file cannot be opened. */
export function openBytes(path: string): ByteSource {
  const file = basename(path);
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (cause) {
    throw new UserError(`cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const length = fstatSync(handle).size;
  return {
    file,
    length,
    read(offset, count, what) {
      assertInside(file, length, offset, count, what);
      const bytes = new Uint8Array(count);
      let done = 0;
      while (done < count) {
        const got = readSync(handle, bytes, done, count - done, offset + done);
        if (got === 0) throw truncated(file, what);
        done += got;
      }
      return bytes;
    },
    close() {
      closeSync(handle);
    },
  };
}

/** The same over bytes in memory. */
export function bytesInMemory(file: string, bytes: Uint8Array): ByteSource {
  return {
    file,
    length: bytes.length,
    read(offset, count, what) {
      assertInside(file, bytes.length, offset, count, what);
      // Not `slice`, which for a Buffer is no copy.
      return new Uint8Array(bytes.subarray(offset, offset + count));
    },
    close() {},
  };
}

function assertInside(file: string, length: number, offset: number, count: number, what: string): void {
  const valid = Number.isSafeInteger(offset) && Number.isSafeInteger(count) && offset >= 0 && count >= 0;
  if (!valid || offset + count > length) throw truncated(file, what);
}

function truncated(file: string, what: string): UserError {
  return new UserError(`${file}: ${what} lies outside the file`, {
    hint: 'the file is truncated or damaged: download it again',
  });
}
