/**
 * JSON lines: a table that grows by one row at a time and survives a crash. A row counts once its line end is on the
 * disk. What follows the last line end was torn off by a crash: readers drop and report it, a writer removes it
 * before it appends.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { fileFailure } from './failures.js';
import { parseJson } from './json.js';
import { decodeText, readBytes } from './text.js';

const LINE_END = 0x0a;

export interface JsonLines {
  readonly rows: readonly unknown[];
  /** True when an unfinished last line was dropped. */
  readonly torn: boolean;
}

/**
 * All finished rows, in file order. Empty lines are skipped.
 * @throws UserError when the file cannot be read or a finished line is not JSON, as `file:line:column: …`.
 */
export async function readJsonLines(path: string): Promise<JsonLines> {
  // Cut before decoding: a crash can tear a character apart.
  const bytes = await readBytes(path);
  const end = bytes.lastIndexOf(LINE_END) + 1;
  const torn = bytes.subarray(end).toString('latin1').trim() !== '';
  return { rows: parseJsonLines(decodeText(bytes.subarray(0, end), path), path), torn };
}

/**
 * Rows of a text that is whole: its last line needs no end. Empty lines are skipped.
 * @throws UserError when a line is not JSON, as `file:line:column: …`.
 */
export function parseJsonLines(text: string, file: string): unknown[] {
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseJson(line, file, { firstLine: index + 1 })]));
}

/** Appends rows to one file. Hold it as long as rows come; one writer per file. */
export class JsonLinesWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Bytes of finished rows. */
  #size: number;
  /** Rows are written one after the other even when callers do not wait. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, file: FileHandle, size: number) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Open a file to append to, creating it when it is not there and cutting off a torn last line.
   * @throws UserError when it cannot be written.
   */
  static async open(path: string): Promise<JsonLinesWriter> {
    try {
      const file = await open(path, 'a+');
      try {
        const size = await finishedBytes(file);
        await file.truncate(size);
        return new JsonLinesWriter(path, file, size);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw fileFailure(error, 'write', path);
    }
  }

  /**
   * Write one row in one piece and flush it to the disk. A row that cannot be written whole is taken back.
   * @throws UserError when it cannot be written.
   */
  append(row: object): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    const written = this.#last.then(() => this.#write(line));
    this.#last = written.catch(() => {});
    return written;
  }

  /** Once or more. */
  async close(): Promise<void> {
    await this.#last;
    if (!this.#closed) await this.#file.close();
    this.#closed = true;
  }

  async #write(line: Buffer): Promise<void> {
    try {
      const { bytesWritten } = await this.#file.write(line);
      if (bytesWritten < line.length) {
        throw new UserError(`cannot write ${this.#path}: only a part of a row fitted`, { hint: 'free some space' });
      }
      await this.#file.datasync();
      this.#size += line.length;
    } catch (error) {
      await this.#file.truncate(this.#size).catch(() => {});
      throw fileFailure(error, 'write', this.#path);
    }
  }
}

/** Bytes up to and including the last line end, found from the end of the file. */
async function finishedBytes(file: FileHandle): Promise<number> {
  const block = Buffer.alloc(1 << 12);
  let end = (await file.stat()).size;
  while (end > 0) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const at = block.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
