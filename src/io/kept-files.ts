/**
 * What was computed once and can be computed again: a folder of files under the hash of everything they depend on.
 * Several processes may use it at the same time. A file is whole or not there; one whose content does not have the
 * hash written before it is removed and counts as not there. When the folder outgrows its limit, what was not used for
 * the longest time goes first.
 */

import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder } from './atomic-write.js';
import { sha256Bytes } from './hash.js';

export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  /** Last use, ms since 1970. */
  readonly usedMs: number;
}

/** Hexadecimal digits of SHA-256. */
const DIGEST_CHARACTERS = 64;
const ENDING = '.kept';

export class KeptFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param key 64 hexadecimal digits. */
  async get(key: string): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(key);
    const file = await readFile(path).catch(() => undefined);
    if (file === undefined) return undefined;
    const content = file.subarray(DIGEST_CHARACTERS);
    if (sha256Bytes(content) !== file.toString('latin1', 0, DIGEST_CHARACTERS)) {
      await rm(path, { force: true }).catch(() => {});
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    return content;
  }

  /** A disk that is full or read-only keeps nothing, and that is all. */
  async put(key: string, pieces: readonly Uint8Array[]): Promise<void> {
    const content = Buffer.concat(pieces);
    const path = this.#pathOf(key);
    try {
      await makeFolder(join(this.folder, key.slice(0, 2)));
      await atomicWrite(path, [Buffer.from(sha256Bytes(content), 'latin1'), content]);
    } catch {
      // Nothing depends on it.
    }
  }

  /** Everything that is kept, what was not used for the longest time first. */
  async list(): Promise<KeptFile[]> {
    const names = await readdir(this.folder, { recursive: true }).catch(() => []);
    const files: KeptFile[] = [];
    for (const name of names.filter((each) => each.endsWith(ENDING))) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found) files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
    }
    return files.sort((a, b) => a.usedMs - b.usedMs || (a.path < b.path ? -1 : 1));
  }

  /**
   * Remove until no more than `limitBytes` are left.
   * @returns bytes removed.
   */
  async trim(limitBytes: number): Promise<number> {
    const files = await this.list();
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    let left = total;
    for (const { path, bytes } of files) {
      if (left <= limitBytes) break;
      // What belongs to somebody else stays.
      const isGone = await rm(path, { force: true }).then(
        () => true,
        () => false,
      );
      if (isGone) left -= bytes;
    }
    return total - left;
  }

  #pathOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}${ENDING}`);
  }
}
