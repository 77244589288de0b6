/**
 * Is an assembled folder what it should be? A full check reads every byte; in daily use it is enough that no file has
 * changed since then. So the times of the checked files are kept beside them, and only what differs is read again.
 */

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../io/hash.js';

/** By path below the folder, with `/`. */
export type FileHashes = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

const MARKER = '.checked.json';

/** True when every file has the right size and the right content. Reads only files that changed since the last check. */
export async function isIntact(folder: string, hashes: FileHashes): Promise<boolean> {
  const checked = await readMarker(folder);
  const times = await modificationTimes(folder, hashes);
  if (times === undefined) return false;
  const suspects = Object.keys(hashes).filter((path) => times[path] !== checked[path]);
  if (suspects.length === 0) return true;
  if ((await damagedFiles(folder, hashes, suspects)).length > 0) return false;
  await markIntact(folder, hashes);
  return true;
}

/** Paths whose content is missing or wrong, found by reading them. */
export async function damagedFiles(
  folder: string,
  hashes: FileHashes,
  paths: readonly string[] = Object.keys(hashes),
): Promise<string[]> {
  const damaged: string[] = [];
  for (const path of paths) {
    const sha256 = await sha256File(join(folder, path)).catch(() => undefined);
    if (sha256 !== hashes[path]?.sha256) damaged.push(path);
  }
  return damaged;
}

/** Remember that all files are as they should be. A cache that cannot be written is checked in full every time. */
export async function markIntact(folder: string, hashes: FileHashes): Promise<void> {
  const times = await modificationTimes(folder, hashes);
  await writeFile(join(folder, MARKER), JSON.stringify(times)).catch(() => {});
}

/** ms by path; nothing when a file is missing or of the wrong size. */
async function modificationTimes(folder: string, hashes: FileHashes): Promise<Record<string, number> | undefined> {
  const files = Object.entries(hashes);
  const stats = await Promise.all(files.map(([path]) => stat(join(folder, path)).catch(() => undefined)));
  if (files.some(([, { bytes }], i) => stats[i]?.size !== bytes)) return undefined;
  return Object.fromEntries(files.map(([path], i) => [path, stats[i]!.mtimeMs]));
}

async function readMarker(folder: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(join(folder, MARKER), 'utf8'));
  } catch {
    return {};
  }
}
