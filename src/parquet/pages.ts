/**
 * The pages of a column chunk (Apache Parquet format 2.10), found by their headers: what lies between two headers is
 * not read. Only flat columns, as those of audio bytes are.
 */

import type { ColumnChunk, CompressionCodec } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { messageOf, UserError } from '../core/errors.js';
import type { ByteRanges } from '../io/byte-ranges.js';

export interface Page {
  readonly kind: 'dictionary' | 'data';
  readonly encoding: string;
  /** Values of it, nulls included. */
  readonly values: number;
  /** Where its body begins in the file, bytes. */
  readonly offset: number;
  readonly codec: CompressionCodec;
  /** Bytes on disk of levels and values together. */
  readonly bytes: number;
  /** Bytes of both when nothing is compressed. */
  readonly uncompressedBytes: number;
  /** Bytes of the levels that stand before the values, never compressed; absent where they say so themselves. */
  readonly levelBytes?: number;
}

/** Bytes. Headers are small, but may hold the smallest and the largest value of their page. */
const HEADER_BYTES = 1 << 12;
const LONGEST_HEADER_BYTES = 1 << 22;

/** @throws UserError when a header makes no sense. */
export async function findPages(ranges: ByteRanges, chunk: ColumnChunk, column: string): Promise<Page[]> {
  const meta = chunk.meta_data;
  if (!meta) throw new UserError(`${ranges.name}: nothing is said of column ${column}`);
  const { codec, dictionary_page_offset: dictionary, data_page_offset: data } = meta;
  const start = Number(dictionary && dictionary < data ? dictionary : data);
  const end = start + Number(meta.total_compressed_size);
  const pages: Page[] = [];
  for (let position = start, values = 0; values < Number(meta.num_values) && position < end; ) {
    const page = await pageAt(ranges, position, end, codec, column);
    pages.push(page);
    if (page.kind === 'data') values += page.values;
    position = page.offset + page.bytes;
  }
  return pages;
}

async function pageAt(
  ranges: ByteRanges,
  position: number,
  end: number,
  codec: CompressionCodec,
  column: string,
): Promise<Page> {
  const damaged = (what: string) =>
    new UserError(`${ranges.name}: column ${column}: damaged page at byte ${position}: ${what}`, {
      hint: 'copy or download the file again',
    });
  const { header, bytes: headerBytes } = await readHeader(ranges, position, end).catch((error: unknown) => {
    throw error instanceof UserError ? error : damaged(messageOf(error));
  });
  const offset = position + headerBytes;
  const { compressed_page_size: bytes, uncompressed_page_size: uncompressedBytes } = header;
  if (!(bytes >= 0 && uncompressedBytes >= 0 && offset + bytes <= end)) throw damaged('it does not end in its column');
  const common = { offset, bytes, uncompressedBytes };
  const { dictionary_page_header: first, data_page_header: v1, data_page_header_v2: v2 } = header;
  if (first) return { ...common, kind: 'dictionary', encoding: 'PLAIN', values: first.num_values, codec };
  if (v1) return { ...common, kind: 'data', encoding: v1.encoding, values: v1.num_values, codec };
  if (!v2) throw damaged(`it is no page of values, but ${header.type ?? 'nothing that is known'}`);
  return {
    ...common,
    kind: 'data',
    encoding: v2.encoding,
    values: v2.num_values,
    codec: v2.is_compressed === false ? 'UNCOMPRESSED' : codec,
    levelBytes: v2.definition_levels_byte_length + v2.repetition_levels_byte_length,
  };
}

async function readHeader(ranges: ByteRanges, position: number, end: number) {
  for (let size = HEADER_BYTES; ; size *= 16) {
    const bytes = await ranges.read(position, Math.min(end, position + size));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, bytes: reader.offset };
    } catch (error) {
      if (position + size >= end || size >= LONGEST_HEADER_BYTES) throw error;
    }
  }
}
