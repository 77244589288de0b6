/**
 * Files that are either whole or not there. A reader never sees half a result: data goes to a temporary file in the
 * same folder, is flushed to the disk, and takes its name in one step.
 */

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileFailure } from './failures.js';

/** A whole file, or its pieces in order when it is too large to be held at once. */
export type FileData = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Write a file or replace it. When anything fails, including the source of the pieces, the old content stays and
 * nothing new is left behind. What is no file, such as `/dev/stdout` or a pipe, is written to and stays what it is.
 * @throws UserError when the place cannot be written; whatever the pieces throw is passed on.
 */
export async function atomicWrite(path: string, data: FileData): Promise<void> {
  if (await isSpecial(path)) {
    await writeFile(path, data).catch((error: unknown) => {
      throw fileFailure(error, 'write', path);
    });
    return;
  }
  // Not the name of the target: with a suffix it could become too long for the file system.
  const temporary = join(dirname(path), temporaryName());
  try {
    await writeWhole(temporary, data);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileFailure(error, 'write', path);
  }
  await syncFolder(dirname(path));
}

function temporaryName(): string {
  return `.${randomUUID()}.tmp`;
}

const TEMPORARY = /^\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Remove what a process that was killed while it wrote has left in a folder and below. Only its one writer may. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true })) {
    if (TEMPORARY.test(basename(file))) await rm(join(folder, file), { force: true });
  }
}

/** There, and neither a file nor a folder: replacing it would take a device away from the whole machine. */
async function isSpecial(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => !found.isFile() && !found.isDirectory(),
    () => false,
  );
}

/**
 * Make sure that a folder exists, with all folders above it.
 * @throws UserError when it cannot be created.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeAll(resolve(path));
  } catch (error) {
    throw fileFailure(error, 'create folder', path);
  }
}

/**
 * Not the recursive `mkdir` of Node: it never returns where a folder cannot be made although the one above is there,
 * as below /proc or an automounted folder.
 */
async function makeAll(path: string): Promise<void> {
  const above = dirname(path);
  if (above !== path && !(await isThere(above))) await makeAll(above);
  await mkdir(path).catch(async (error) => {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) throw error;
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function writeWhole(path: string, data: FileData): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name survives a power cut only when its folder is flushed too. Where a system cannot do it, this is all. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
