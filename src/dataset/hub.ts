/**
 * Data sets of the hub, read where they lie: annotations and audio headers by ranges, the audio of a conversation when
 * it is streamed. What was read is kept in the cache by commit, so it is read once.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../core/errors.js';
import { cacheFolder } from '../io/cache.js';
import type { Environment } from '../io/hub-access.js';
import { datasetPage, type HubDataset } from '../io/hub-datasets.js';
import { type DirectoryReading, readDirectory } from './directory.js';
import { commitFolder, hubShard, listFiles } from './hub-cache.js';
import { PULLED_FILE } from './hub-files.js';
import { HUB_PREFIX, type HubName, parseHubName } from './hub-name.js';
import { readShards } from './shards.js';

/**
 * @param name `hf:owner/name[/folder][@revision]`
 * @throws UserError when it is no such name, or (exit code 5) cannot be read: what to open, what to set.
 */
export async function readHub(name: string, environment: Environment = process.env): Promise<DirectoryReading> {
  const wanted = parseHubName(name);
  const place = { cacheFolder: cacheFolder(environment), environment };
  const dataset = await listFiles({ ...wanted, ...place });
  const path = commitFolder(place, dataset);
  const shards = shardsOf(dataset, wanted);
  if (shards.length === 0) return readFolder(dataset, wanted, path);
  const files = await Promise.all(shards.map((file) => hubShard(place, dataset, file)));
  const { conversations, problems, warnings, language } = await readShards(files, place.cacheFolder);
  const fetched = files.filter(({ name, isLocal }) => !isLocal && existsSync(join(path, name)));
  return {
    ...{ path, conversations, problems },
    location: locationOf(dataset, wanted),
    info: infoOf(dataset, language),
    warnings: [...warnings, ...fetched.map(({ name: file }) => `${file}: ${FETCHED}`)],
  };
}

const FETCHED = 'its audio cannot be read by ranges (it is compressed, or short), so the whole file was fetched';

function shardsOf(dataset: HubDataset, { folder }: HubName) {
  return dataset.files
    .filter(({ path }) => path.endsWith('.parquet') && (folder === '' || path.startsWith(`${folder}/`)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Folders of WAV and SRT are read like any other, once they are here. */
async function readFolder(dataset: HubDataset, wanted: HubName, path: string): Promise<DirectoryReading> {
  if (!existsSync(join(path, PULLED_FILE))) {
    const page = datasetPage(dataset.repository);
    if (!dataset.files.some(({ path: file }) => /_audio\.(wav|flac)$/.test(file))) {
      const below = wanted.folder === '' ? '' : ` below ${wanted.folder}`;
      throw new UserError(`${page} has no parquet files and no conversations${below}`, { hint: `open ${page} to see` });
    }
    const location = locationOf(dataset, wanted);
    throw new UserError(`${page} is a data set of folders, which must be downloaded first`, {
      hint: `turnbench datasets pull ${location}`,
      exitCode: EXIT.prerequisite,
    });
  }
  const reading = await readDirectory(path);
  const warnings = reading.warnings.filter((warning) => !warning.startsWith('no dataset.json'));
  return { ...reading, warnings, location: locationOf(dataset, wanted), info: infoOf(dataset, undefined) };
}

function infoOf(dataset: HubDataset, language: string | undefined): DirectoryReading['info'] {
  const { repository, commit, licence } = dataset;
  return {
    name: repository.split('/')[1] ?? repository,
    version: commit.slice(0, 12),
    licence: licence ?? 'unspecified',
    description: `${repository} of the Hugging Face hub`,
    language: language ?? dataset.language ?? 'und',
    revision: commit,
  };
}

function locationOf({ repository, commit }: HubDataset, { folder }: HubName): string {
  return `${HUB_PREFIX}${repository}${folder === '' ? '' : `/${folder}`}@${commit}`;
}
