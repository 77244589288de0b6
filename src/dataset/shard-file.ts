/** A parquet shard wherever it lies: read by ranges, and as files on this disk when audio is to be streamed. */

import { existsSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { type ByteRanges, localRanges } from '../io/byte-ranges.js';
import { sha256Text } from '../io/hash.js';
import { type Blob, unpackColumn } from '../parquet/blobs.js';
import type { Page } from '../parquet/pages.js';
import { type BlobColumn, blobsOf } from '../parquet/shard.js';

export interface ShardFile {
  /** How messages name it: below its data set, with `/`. */
  readonly name: string;
  /** Names what is made of it: another content has another one. */
  readonly identity: string;
  readonly ranges: ByteRanges;
  /** True when it is on this disk as a whole. */
  readonly isLocal: boolean;
  /** Put it on this disk as a whole. */
  fetchWhole(): Promise<ShardFile>;
  /** A file that holds these bytes of it, and where. Only they are fetched when it lies elsewhere. */
  partAt(offset: number, bytes: number): Promise<{ readonly file: string; readonly offset: number }>;
}

/** A shard on this disk. */
export async function localShard(path: string, name: string, identity?: string): Promise<ShardFile> {
  const ranges = await localRanges(path, name);
  const { mtimeMs } = await stat(path);
  const shard: ShardFile = {
    name,
    identity: identity ?? sha256Text(`${path} ${ranges.size} ${mtimeMs}`),
    ranges,
    isLocal: true,
    fetchWhole: async () => shard,
    partAt: async (offset) => ({ file: path, offset }),
  };
  return shard;
}

/** Audio of a column as it lies on this disk or elsewhere; one entry per row. */
export interface PlacedBlobs {
  readonly blobs: readonly (Blob | null)[];
  /** What their offsets are of. */
  readonly shard: ShardFile;
}

/**
 * Where the values of a column are. A compressed column is unpacked into the cache, once: its values are not to be had
 * otherwise without holding all of them.
 * @param key of the column, unique in its shard.
 */
export async function placeBlobs(
  shard: ShardFile,
  column: BlobColumn,
  key: string,
  headBytes: number,
  cacheFolder: string,
): Promise<PlacedBlobs> {
  if (!column.isCompressed) return { blobs: await blobsOf(shard.ranges, column, headBytes), shard };
  const folder = join(cacheFolder, 'unpacked', shard.identity.slice(0, 16));
  const path = join(folder, `${key}.bin`);
  const pages = (await keptPages(path)) ?? (await unpack(shard, column, folder, path));
  const unpacked = await localShard(path, shard.name, shard.identity);
  const blobs = await blobsOf(unpacked.ranges, { ...column, pages, isCompressed: false }, headBytes);
  return { blobs, shard: unpacked };
}

const listOf = (path: string): string => `${path}.json`;

async function unpack(shard: ShardFile, column: BlobColumn, folder: string, path: string): Promise<Page[]> {
  await makeFolder(folder);
  const fresh = `${path}.${process.pid}.tmp`;
  const pages = await unpackColumn(shard.ranges, column.pages, fresh);
  await rename(fresh, path);
  await atomicWrite(listOf(path), JSON.stringify(pages));
  return pages;
}

/** The list is written last: where it is, the file is whole. */
async function keptPages(path: string): Promise<Page[] | undefined> {
  if (!existsSync(listOf(path)) || !existsSync(path)) return undefined;
  return JSON.parse(await readFile(listOf(path), 'utf8')) as Page[];
}
