/** A parquet file: its columns, its row groups, and values of chosen columns, a row group at a time. */

import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { messageOf, UserError } from '../core/errors.js';
import type { ByteRanges } from '../io/byte-ranges.js';
import { type Blob, findBlobs, isCompressed } from './blobs.js';
import { COMPRESSORS } from './decompress.js';
import { findPages, type Page } from './pages.js';

export interface Shard {
  readonly ranges: ByteRanges;
  /** Names of its columns. */
  readonly columns: readonly string[];
  /** Rows of each row group. */
  readonly groups: readonly number[];
  readonly metadata: FileMetaData;
}

/** @throws UserError when it is no parquet file or its footer is damaged. */
export async function openShard(ranges: ByteRanges): Promise<Shard> {
  if (ranges.size < 12) throw new UserError(`${ranges.name}: this is no parquet file: it has ${ranges.size} bytes`);
  const metadata = await orDamaged(ranges, 'its footer', () => parquetMetadataAsync(bufferOf(ranges)));
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return { ranges, columns, groups: metadata.row_groups.map((group) => Number(group.num_rows)), metadata };
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * Rows of a row group as objects, only the named columns.
 * @throws UserError when a page is damaged.
 */
export async function readRows({ ranges, groups, metadata }: Shard, group: number, columns: string[]): Promise<Row[]> {
  const rowStart = groups.slice(0, group).reduce((sum, rows) => sum + rows, 0);
  const options = { file: bufferOf(ranges), metadata, columns, rowStart, rowEnd: rowStart + groups[group]! };
  return orDamaged(ranges, `row group ${group + 1}`, () =>
    parquetReadObjects({ ...options, compressors: COMPRESSORS }),
  );
}

/** A column of byte strings in a row group. */
export interface BlobColumn {
  readonly pages: readonly Page[];
  readonly isCompressed: boolean;
  /** Bytes on disk. */
  readonly bytes: number;
  /** Highest definition level. */
  readonly levels: number;
}

/**
 * @param name of the column: byte strings themselves, or a struct that has them as `bytes`.
 * @throws UserError when there is no such column, or it holds something else.
 */
export async function openBlobColumn({ ranges, metadata }: Shard, group: number, name: string): Promise<BlobColumn> {
  const chunk = metadata.row_groups[group]?.columns.find(({ meta_data: meta }) =>
    [name, `${name}.bytes`].includes(meta?.path_in_schema.join('.') ?? ''),
  );
  if (chunk?.meta_data?.type !== 'BYTE_ARRAY') {
    throw new UserError(`${ranges.name}: column ${name} is no struct of bytes and path`, {
      hint: 'audio must be in the file itself, as FLAC or WAV',
    });
  }
  const pages = await findPages(ranges, chunk, name);
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0);
  return {
    pages,
    isCompressed: isCompressed(pages),
    bytes,
    levels: levelsOf(metadata, chunk.meta_data.path_in_schema),
  };
}

/** Where its values lie, when they are not compressed. */
export function blobsOf(ranges: ByteRanges, column: BlobColumn, headBytes: number): Promise<(Blob | null)[]> {
  return findBlobs(ranges, column.pages, column.levels, headBytes);
}

function levelsOf(metadata: FileMetaData, path: readonly string[]): number {
  let node = parquetSchema(metadata);
  let levels = 0;
  for (const name of path) {
    const child = node.children.find(({ element }) => element.name === name);
    if (!child) return levels;
    if (child.element.repetition_type !== 'REQUIRED') levels++;
    node = child;
  }
  return levels;
}

function bufferOf(ranges: ByteRanges): AsyncBuffer {
  return {
    byteLength: ranges.size,
    slice: async (start, end = ranges.size) => (await ranges.read(start, end)).buffer,
  };
}

async function orDamaged<T>(ranges: ByteRanges, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${ranges.name}: ${what} cannot be read: ${messageOf(error)}`, {
      hint: 'copy or download the file again; if it repeats, it was not written as parquet of a known kind',
      cause: error,
    });
  }
}
