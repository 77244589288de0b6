/** The central directory of a zip archive: what is in it and where. Names are not judged here. */

import { UserError } from '../core/errors.js';
import type { ByteSource } from './byte-source.js';

export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, bytes from the start of the file. */
  readonly headerOffset: number;
}

const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const COMMENT_BYTES_MAX = 65535;
const LOCATOR_BYTES = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_BYTES = 56;
const END64_SIGNATURE = 0x06064b50;
const ENTRY_BYTES = 46;
const ENTRY_SIGNATURE = 0x02014b50;
const ZIP64_EXTRA = 1;
const IN_ZIP64 = 0xffffffff;
const ENTRIES_MAX = 100_000;
const DIRECTORY_BYTES_MAX = 32 * 1024 * 1024;
const METHODS: Readonly<Record<number, ZipEntry['method']>> = { 0: 'stored', 8: 'deflated' };

/** @throws UserError when there is no directory, or it does not describe this file. */
export function readDirectory(source: ByteSource): ZipEntry[] {
  const { count, offset, length } = locate(source);
  if (count > ENTRIES_MAX || length > DIRECTORY_BYTES_MAX) {
    throw new UserError(`${source.file}: an archive with ${count} entries is not a checkpoint`);
  }
  const bytes = source.read(offset, length, 'the directory of the archive');
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > bytes.length) throw damaged(source);
    const view = new DataView(bytes.buffer, at, ENTRY_BYTES);
    if (view.getUint32(0, true) !== ENTRY_SIGNATURE) throw damaged(source);
    const nameEnd = at + ENTRY_BYTES + view.getUint16(28, true);
    const extraEnd = nameEnd + view.getUint16(30, true);
    if (extraEnd > bytes.length) throw damaged(source);
    entries.push(
      parseEntry(source, view, bytes.subarray(at + ENTRY_BYTES, nameEnd), bytes.subarray(nameEnd, extraEnd)),
    );
    at = extraEnd + view.getUint16(32, true);
  }
  return entries;
}

function locate(source: ByteSource): { count: number; offset: number; length: number } {
  const tailBytes = Math.min(source.length, END_BYTES + COMMENT_BYTES_MAX);
  const tailOffset = source.length - tailBytes;
  const tail = new DataView(source.read(tailOffset, tailBytes, 'the end of the archive').buffer);
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE || at + END_BYTES + tail.getUint16(at + 20, true) !== tailBytes)
      continue;
    return (
      locate64(source, tailOffset + at - LOCATOR_BYTES) ?? {
        count: tail.getUint16(at + 10, true),
        length: tail.getUint32(at + 12, true),
        offset: tail.getUint32(at + 16, true),
      }
    );
  }
  throw new UserError(`${source.file} is not a zip archive, or only its first part`, {
    hint: 'a PyTorch checkpoint is one since version 1.6: download it again, or save an older one anew',
  });
}

/** PyTorch always writes the zip64 records, also in small files. */
function locate64(
  source: ByteSource,
  locatorOffset: number,
): { count: number; offset: number; length: number } | undefined {
  if (locatorOffset < 0) return undefined;
  const locator = new DataView(source.read(locatorOffset, LOCATOR_BYTES, 'the end of the archive').buffer);
  if (locator.getUint32(0, true) !== LOCATOR_SIGNATURE) return undefined;
  const end = new DataView(source.read(size64(source, locator, 8), END64_BYTES, 'the end of the archive').buffer);
  if (end.getUint32(0, true) !== END64_SIGNATURE) throw damaged(source);
  return { count: size64(source, end, 32), length: size64(source, end, 40), offset: size64(source, end, 48) };
}

function parseEntry(source: ByteSource, view: DataView, nameBytes: Uint8Array, extra: Uint8Array): ZipEntry {
  const name = new TextDecoder().decode(nameBytes);
  const method = METHODS[view.getUint16(10, true)];
  const encrypted = (view.getUint16(8, true) & 1) !== 0;
  if (!method || encrypted) {
    throw new UserError(
      `${source.file}: entry '${name}' is ${encrypted ? 'encrypted' : 'compressed in an unknown way'}`,
    );
  }
  // Fields that do not fit in 32 bits are in the extra field, in this order, only those that are needed.
  const wide = zip64Fields(source, extra);
  const field = (at: number) => {
    const value = view.getUint32(at, true);
    return value === IN_ZIP64 ? wide() : value;
  };
  const size = field(24);
  const compressedSize = field(20);
  const headerOffset = field(42);
  return { name, method, crc32: view.getUint32(16, true), compressedSize, size, headerOffset };
}

function zip64Fields(source: ByteSource, extra: Uint8Array): () => number {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  let at = 0;
  let end = 0;
  for (let next = 0; next + 4 <= view.byteLength; ) {
    const length = view.getUint16(next + 2, true);
    if (view.getUint16(next, true) === ZIP64_EXTRA) {
      at = next + 4;
      end = Math.min(at + length, view.byteLength);
      break;
    }
    next += 4 + length;
  }
  return () => {
    if (at + 8 > end) throw damaged(source);
    at += 8;
    return size64(source, view, at - 8);
  };
}

function size64(source: ByteSource, view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(source);
  return Number(value);
}

function damaged(source: ByteSource): UserError {
  return new UserError(`${source.file}: the directory of the archive is damaged`, { hint: 'download the file again' });
}
