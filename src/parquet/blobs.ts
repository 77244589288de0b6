/**
 * Where the values of a column of byte strings lie in a file: from one length to the next, without reading what is
 * between them. That takes pages that are not compressed; `unpackColumn` makes such of others.
 */

import { open, rm } from 'node:fs/promises';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { messageOf, UserError } from '../core/errors.js';
import type { ByteRanges } from '../io/byte-ranges.js';
import { fileFailure } from '../io/failures.js';
import { decompressed } from './decompress.js';
import type { Page } from './pages.js';

export interface Blob {
  /** In the file, bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Its first bytes, as many as were asked for. */
  readonly head: Uint8Array;
}

export function isCompressed(pages: readonly Page[]): boolean {
  return pages.some(({ codec }) => codec !== 'UNCOMPRESSED');
}

/**
 * One entry per row, null for rows without a value.
 * @param pages that are not compressed.
 * @param levels highest definition level: 0 for a column that has a value in every row.
 * @param headBytes of each value to read along.
 * @throws UserError when the pages make no sense.
 */
export async function findBlobs(
  ranges: ByteRanges,
  pages: readonly Page[],
  levels: number,
  headBytes: number,
): Promise<(Blob | null)[]> {
  let dictionary: readonly Blob[] = [];
  const blobs: (Blob | null)[] = [];
  for (const page of pages) {
    const end = page.offset + page.bytes;
    if (page.kind === 'dictionary') {
      dictionary = await plainBlobs(ranges, page.offset, end, page.values, headBytes);
      continue;
    }
    const { isPresent, valuesAt } = await readLevels(ranges, page, levels);
    const count = isPresent.filter(Boolean).length;
    const found = page.encoding.endsWith('DICTIONARY')
      ? await chosen(ranges, valuesAt, end, count, dictionary)
      : page.encoding === 'PLAIN'
        ? await plainBlobs(ranges, valuesAt, end, count, headBytes)
        : undefined;
    if (!found) throw damaged(ranges, page.offset, `audio in the encoding ${page.encoding} cannot be read`);
    let next = 0;
    for (const present of isPresent) blobs.push(present ? (found[next++] ?? null) : null);
  }
  return blobs;
}

/** Plain values: a length of 4 bytes, then so many bytes. */
async function plainBlobs(
  ranges: ByteRanges,
  start: number,
  end: number,
  count: number,
  headBytes: number,
): Promise<Blob[]> {
  const blobs: Blob[] = [];
  let position = start;
  for (let i = 0; i < count; i++) {
    if (position + 4 > end) throw damaged(ranges, position, `it has ${i} of ${count} values`);
    const read = await ranges.read(position, Math.min(end, position + 4 + headBytes));
    const bytes = new DataView(read.buffer, read.byteOffset).getUint32(0, true);
    const offset = position + 4;
    if (offset + bytes > end) throw damaged(ranges, position, `a value of ${bytes} bytes does not end in its page`);
    blobs.push({ offset, bytes, head: read.slice(4, 4 + bytes) });
    position = offset + bytes;
  }
  return blobs;
}

async function chosen(
  ranges: ByteRanges,
  start: number,
  end: number,
  count: number,
  dictionary: readonly Blob[],
): Promise<Blob[]> {
  if (count === 0) return [];
  const bytes = await ranges.read(start, end);
  const indices = new Array<number>(count).fill(0);
  const width = bytes[0] ?? 0;
  if (width > 0) readRleBitPackedHybrid(readerOf(bytes, 1), width, indices, bytes.length - 1);
  return indices.map((index) => {
    const blob = dictionary[index];
    if (!blob) throw damaged(ranges, start, `value ${index} of ${dictionary.length} is asked for`);
    return blob;
  });
}

async function readLevels(
  ranges: ByteRanges,
  page: Page,
  levels: number,
): Promise<{ isPresent: boolean[]; valuesAt: number }> {
  const { offset, values, levelBytes } = page;
  if (levels === 0) return { isPresent: new Array(values).fill(true), valuesAt: offset + (levelBytes ?? 0) };
  // Of the first page format they begin with their length.
  const size = levelBytes ?? 4 + new DataView((await ranges.read(offset, offset + 4)).buffer).getUint32(0, true);
  if (size > page.bytes) throw damaged(ranges, offset, 'its levels do not end in it');
  const bytes = await ranges.read(offset, offset + size);
  const width = 32 - Math.clz32(levels);
  const found = new Array<number>(values).fill(0);
  const prefix = levelBytes === undefined ? 4 : 0;
  readRleBitPackedHybrid(readerOf(bytes, prefix), width, found, size - prefix);
  return { isPresent: found.map((level) => level === levels), valuesAt: offset + size };
}

function readerOf(bytes: Uint8Array, offset: number) {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
}

/** Bytes read at a time. */
const PIECE_BYTES = 1 << 20;

/**
 * Write the bodies of all pages one after the other, none of them compressed. Memory stays at a few pieces, whatever
 * the size of a page.
 * @returns the pages as they lie in the new file.
 * @throws UserError when a page is damaged or the file cannot be written.
 */
export async function unpackColumn(ranges: ByteRanges, pages: readonly Page[], path: string): Promise<Page[]> {
  const unpacked: Page[] = [];
  try {
    const file = await open(path, 'w');
    try {
      let position = 0;
      for (const page of pages) {
        const start = position;
        for await (const piece of bodyOf(ranges, page)) {
          await file.write(piece, 0, piece.length, position);
          position += piece.length;
        }
        const bytes = position - start;
        if (bytes !== page.uncompressedBytes) {
          throw damaged(ranges, page.offset, `it unpacks to ${bytes} bytes, not ${page.uncompressedBytes}`);
        }
        unpacked.push({ ...page, codec: 'UNCOMPRESSED', offset: start, bytes });
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw fileFailure(error, 'write', path);
  }
  return unpacked;
}

async function* bodyOf(ranges: ByteRanges, page: Page): AsyncIterable<Uint8Array> {
  const { offset, bytes, levelBytes = 0, codec } = page;
  try {
    if (levelBytes > 0) yield await ranges.read(offset, offset + levelBytes);
    if (bytes > levelBytes) yield* decompressed(codec, piecesOf(ranges, offset + levelBytes, offset + bytes));
  } catch (error) {
    throw error instanceof UserError ? error : damaged(ranges, offset, messageOf(error));
  }
}

async function* piecesOf(ranges: ByteRanges, start: number, end: number): AsyncIterable<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES) yield await ranges.read(at, Math.min(end, at + PIECE_BYTES));
}

function damaged(ranges: ByteRanges, position: number, what: string): UserError {
  return new UserError(`${ranges.name}: damaged page at byte ${position}: ${what}`, {
    hint: 'copy or download the file again',
  });
}
