/** Files of a commit of the hub in the cache: listing, ranges, audio of single conversations, whole files. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../core/errors.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { type ByteRanges, cachedRanges, remoteRanges } from '../io/byte-ranges.js';
import { download } from '../io/download.js';
import { type Environment, hubHeaders, hubRefusal } from '../io/hub-access.js';
import {
  datasetFileUrl,
  datasetPage,
  type HubDataset,
  type HubDatasetFile,
  lookUpDataset,
} from '../io/hub-datasets.js';
import { readJson } from '../io/json.js';
import { localShard, type ShardFile } from './shard-file.js';

export interface HubPlace {
  readonly cacheFolder: string;
  readonly environment: Environment;
}

export interface HubRequest extends HubPlace {
  readonly repository: string;
  readonly revision: string;
}

/** Where whole files of a commit are, below the cache. */
export function commitFolder(
  { cacheFolder }: HubPlace,
  { repository, commit }: Pick<HubDataset, 'repository' | 'commit'>,
): string {
  return join(cacheFolder, 'hub', repository.replace('/', '--'), commit);
}

/**
 * The files of a revision. A commit that was looked up before is not asked for again: it never changes.
 * @throws UserError (exit code 5) as `lookUpDataset`.
 */
export async function listFiles(request: HubRequest): Promise<HubDataset> {
  const { repository, revision, environment } = request;
  const kept = join(commitFolder(request, { repository, commit: revision }), LISTING_FILE);
  if (/^[0-9a-f]{40}$/.test(revision) && existsSync(kept)) return (await readJson(kept)) as HubDataset;
  const dataset = await lookUpDataset(repository, revision, environment);
  const path = join(commitFolder(request, dataset), LISTING_FILE);
  await makeFolder(dirname(path));
  await atomicWrite(path, JSON.stringify(dataset));
  return dataset;
}

const LISTING_FILE = '.listing.json';

/** @returns its path when the whole file is there. */
export async function wholeFile(
  place: HubPlace,
  dataset: HubDataset,
  file: HubDatasetFile,
): Promise<string | undefined> {
  const path = join(commitFolder(place, dataset), file.path);
  const found = await stat(path).catch(() => undefined);
  return found?.size === file.bytes ? path : undefined;
}

export interface FetchSettings {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file that are there. */
  onProgress?(bytes: number): void;
}

/**
 * Fetch a large file as a whole, or what is missing of it.
 * @returns its path.
 * @throws UserError (exit code 5) as `download`.
 */
export async function fetchWhole(
  place: HubPlace,
  dataset: HubDataset,
  file: HubDatasetFile,
  settings: FetchSettings = {},
): Promise<string> {
  const present = await wholeFile(place, dataset, file);
  if (present !== undefined) return present;
  const path = join(commitFolder(place, dataset), file.path);
  const { sha256, bytes } = file;
  if (sha256 === undefined) {
    throw new UserError(`${file.path}: the hub states no SHA-256 of it`, { exitCode: EXIT.prerequisite });
  }
  await download({ ...settings, ...remoteOf(place, dataset, file), path, bytes, sha256 });
  return path;
}

/** What requests for a file need. */
export function remoteOf({ environment }: HubPlace, dataset: HubDataset, { path, bytes }: HubDatasetFile) {
  return {
    name: path,
    size: bytes,
    url: datasetFileUrl(dataset, path, environment),
    headers: hubHeaders(environment),
    refusal: (status: number) => hubRefusal(status, datasetPage(dataset.repository, environment), environment),
  };
}

/** A shard of the hub: on this disk when it was pulled, else read by ranges. */
export async function hubShard(place: HubPlace, dataset: HubDataset, file: HubDatasetFile): Promise<ShardFile> {
  const identity = file.sha256 ?? `${dataset.commit}-${file.gitSha1}`;
  const whole = await wholeFile(place, dataset, file);
  if (whole !== undefined) return localShard(whole, file.path, identity);
  const remote = remoteRanges(remoteOf(place, dataset, file));
  const kept = join(place.cacheFolder, 'hub', 'ranges', identity.slice(0, 16));
  let fetching: Promise<ShardFile> | undefined;
  const fetchOnce = () => {
    fetching ??= fetchWhole(place, dataset, file).then((path) => localShard(path, file.path, identity));
    return fetching;
  };
  return {
    name: file.path,
    identity,
    ranges: cachedRanges(remote, kept),
    isLocal: false,
    fetchWhole: fetchOnce,
    partAt: (offset, bytes) => fetchPart(remote, kept, offset, bytes),
  };
}

async function fetchPart(remote: ByteRanges, folder: string, offset: number, bytes: number) {
  const file = join(folder, `audio-${offset}-${bytes}`);
  const kept = await stat(file).catch(() => undefined);
  if (kept?.size !== bytes) {
    await makeFolder(folder);
    await atomicWrite(file, inPieces(remote, offset, offset + bytes));
  }
  return { file, offset: 0 };
}

/** Bytes of a request, and how many of them are under way: what memory is needed, whatever the length of the audio. */
const PIECE_BYTES = 4 << 20;
const AHEAD = 4;

async function* inPieces(remote: ByteRanges, start: number, end: number): AsyncIterable<Uint8Array> {
  const underWay: Promise<Uint8Array>[] = [];
  for (let at = start; at < end || underWay.length > 0; ) {
    while (at < end && underWay.length < AHEAD) {
      const piece = remote.read(at, Math.min(end, at + PIECE_BYTES));
      // Its failure is met where it is awaited, or not at all when an earlier one has failed.
      piece.catch(() => {});
      underWay.push(piece);
      at += PIECE_BYTES;
    }
    yield await (underWay.shift() as Promise<Uint8Array>);
  }
}
