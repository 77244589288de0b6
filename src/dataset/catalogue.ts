/** Data sets by name, by folder, or from the hub. */

import { stat } from 'node:fs/promises';
import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { type Entry, Registry } from '../core/registry.js';
import { cacheFolder } from '../io/cache.js';
import { type DirectoryReading, datasetOf, readDirectory } from './directory.js';
import { EOT_PREFIX, readEotFolder } from './eot.js';
import { readHub } from './hub.js';
import { HUB_ALIASES, HUB_PREFIX, withoutAlias } from './hub-name.js';
import { readShardFolder, shardsIn } from './shard-folder.js';

/** What a registered name loads: the folder of the data set, put together when it is not there yet, or its place. */
const DATASETS = new Registry<string>('data set', [
  {
    name: 'mini',
    summary: 'bundled synthetic conversations, one per type of the public corpus, with three annotators',
    load: async () => (await import('./mini.js')).materializeMini(cacheFolder()),
  },
  ...HUB_ALIASES.map(({ name, summary, location }) => ({ name, summary, load: async () => location })),
]);

/** Registered data sets, without loading any. */
export function listDatasets(): readonly Pick<Entry<string>, 'name' | 'summary'>[] {
  return DATASETS.list();
}

/**
 * Folder of a data set, or its name on the hub. A registered name goes before a folder of the same name: write `./mini`
 * for that one.
 * @throws UserError when it is neither, with the nearest name as a suggestion.
 */
export async function datasetFolder(nameOrPath: string): Promise<string> {
  if (DATASETS.has(nameOrPath)) return DATASETS.get(nameOrPath).load();
  const named = withoutAlias(nameOrPath);
  if (named.startsWith(HUB_PREFIX)) return named;
  const isThere = await stat(nameOrPath).then(
    () => true,
    () => false,
  );
  if (isThere) return nameOrPath;
  if (/[\\/]/.test(nameOrPath)) {
    const names = DATASETS.list().map(({ name }) => name);
    throw new UserError(`no such data-set folder: ${nameOrPath}`, {
      hint: `check the path, or use ${names.join(', ')}`,
    });
  }
  return DATASETS.get(nameOrPath).load();
}

/**
 * Read a data set by registered name, folder (of conversations, or of parquet shards) or `hf:owner/name[@revision]`,
 * and report what is wrong with it. `eot:FOLDER` is a data set of single turns.
 * @throws UserError when there is no such data set.
 */
export async function readDataset(nameOrPath: string): Promise<DirectoryReading> {
  if (nameOrPath.startsWith(EOT_PREFIX)) return readEotFolder(nameOrPath.slice(EOT_PREFIX.length));
  const folder = await datasetFolder(nameOrPath);
  if (folder.startsWith(HUB_PREFIX)) return readHub(folder);
  const shards = await shardsIn(folder);
  return shards.length > 0 ? readShardFolder(folder, shards) : readDirectory(folder);
}

/**
 * Open a data set as `readDataset` finds it.
 * @throws UserError when there is no such data set, or listing everything that is wrong with it.
 */
export async function openDataset(nameOrPath: string): Promise<Dataset> {
  return datasetOf(await readDataset(nameOrPath), nameOrPath);
}
