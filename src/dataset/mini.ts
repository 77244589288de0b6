/**
 * The bundled data set. The package carries a bank of utterances, time-lines and annotations; the audio is assembled
 * on first use into the cache, as an ordinary data-set folder. Every file of it is checked against a committed hash,
 * and the folder is named after those hashes, so that another version of the data is another folder.
 */

import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { makeFolder } from '../io/atomic-write.js';
import { fileFailure } from '../io/failures.js';
import { canonicalJson, sha256Text } from '../io/hash.js';
import { readJson } from '../io/json.js';
import { assembleMini, BUNDLED_MINI } from './mini-assemble.js';
import { damagedFiles, type FileHashes, isIntact, markIntact } from './mini-cache.js';

/**
 * The folder of the assembled data set below `cacheFolder`; it is made when it is not there or not as it should be.
 * Safe when several processes do it at once: each assembles beside the place and renames.
 * @throws UserError when the cache cannot be written or the installed package is damaged.
 */
export async function materializeMini(cacheFolder: string): Promise<string> {
  const hashes = await miniHashes();
  const folder = join(cacheFolder, `mini-${sha256Text(canonicalJson(hashes)).slice(0, 12)}`);
  if (await isIntact(folder, hashes)) return folder;

  await makeFolder(cacheFolder);
  const fresh = `${folder}.${randomUUID()}.tmp`;
  try {
    await assembleMini(fresh);
    const damaged = await damagedFiles(fresh, hashes);
    if (damaged.length > 0) {
      throw new UserError(`the bundled data set comes out wrong: ${damaged.length} files, such as ${damaged[0]}`, {
        hint: 'files of the installed package are damaged: install turnbench again',
      });
    }
    await markIntact(fresh, hashes);
    await moveIntoPlace(fresh, folder, hashes);
  } catch (error) {
    throw fileFailure(error, 'write', folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** What every file of the assembled folder must be. */
export async function miniHashes(): Promise<FileHashes> {
  return (await readJson(join(BUNDLED_MINI, 'hashes.json'))) as FileHashes;
}

/** A folder cannot be renamed onto a full one: what is there was made by somebody faster, or is broken and must go. */
async function moveIntoPlace(fresh: string, folder: string, hashes: FileHashes): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(fresh, folder);
    } catch (error) {
      if (await isIntact(folder, hashes)) return;
      if (attempt === 3) throw error;
    }
    const broken = `${folder}.${randomUUID()}.tmp`;
    await rename(folder, broken).catch(() => {});
    await rm(broken, { recursive: true, force: true });
  }
}
