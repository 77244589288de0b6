/** A folder of parquet shards, as downloading a data set of the hub by other means leaves it. */

import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../io/cache.js';
import { sha256Text } from '../io/hash.js';
import { type DirectoryReading, readInfo } from './directory.js';
import { noFindings } from './findings.js';
import { localShard } from './shard-file.js';
import { readShards } from './shards.js';

/** Paths of the shards in a folder and in the folders in it, such as `data` or one per language; with `/`, sorted. */
export async function shardsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  const own = visible.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const inner = visible
    .filter((entry) => entry.isDirectory())
    .map(async ({ name }) => (await readdir(join(folder, name))).map((file) => `${name}/${file}`));
  return [...own, ...(await Promise.all(inner)).flat()].filter((path) => path.endsWith('.parquet')).sort();
}

/** Read such a folder and report what is wrong with it. */
export async function readShardFolder(folder: string, shards: readonly string[]): Promise<DirectoryReading> {
  const path = resolve(folder);
  const findings = noFindings();
  const fingerprint: string[] = [];
  const info = await readInfo(path, findings, fingerprint);
  const files = await Promise.all(shards.map((name) => localShard(join(path, name), name)));
  const reading = await readShards(files, cacheFolder());
  const language = info.language === 'und' ? (reading.language ?? info.language) : info.language;
  const revision = sha256Text([...fingerprint, ...reading.fingerprint].sort().join('\n')).slice(0, 12);
  return {
    path,
    location: path,
    info: { ...info, language, revision },
    conversations: reading.conversations,
    problems: [...findings.problems, ...reading.problems],
    warnings: [...findings.warnings, ...reading.warnings],
  };
}
