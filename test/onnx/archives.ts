/** Archives and pickles written byte by byte, so that they can be as wrong as a test needs. */

import { crc32, deflateRawSync } from 'node:zlib';

export interface ArchiveEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** Lies: what the directory says instead of the truth. */
  readonly claimedSize?: number;
  readonly claimedCompressedSize?: number;
  readonly claimedOffset?: number;
  readonly claimedCrc32?: number;
  readonly localName?: string;
  readonly method?: number;
  readonly flags?: number;
}

/** A zip archive without zip64 records. */
export function zipOf(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = entry.deflate ? deflateRawSync(entry.data) : entry.data;
    const method = entry.method ?? (entry.deflate ? 8 : 0);
    const common = (name: Uint8Array) =>
      bytes(
        [2, 20],
        [2, entry.flags ?? 0],
        [2, method],
        [4, 0],
        [4, entry.claimedCrc32 ?? crc32(entry.data)],
        [4, entry.claimedCompressedSize ?? data.length],
        [4, entry.claimedSize ?? entry.data.length],
        [2, name.length],
        [2, 0],
      );
    const localName = utf8(entry.localName ?? entry.name);
    const name = utf8(entry.name);
    const local = concat(bytes([4, 0x04034b50]), common(localName), localName, data);
    directory.push(
      concat(
        bytes([4, 0x02014b50], [2, 20]),
        common(name),
        bytes([2, 0], [2, 0], [2, 0], [4, 0], [4, entry.claimedOffset ?? offset]),
        name,
      ),
    );
    parts.push(local);
    offset += local.length;
  }
  const index = concat(...directory);
  const end = bytes(
    [4, 0x06054b50],
    [4, 0],
    [2, entries.length],
    [2, entries.length],
    [4, index.length],
    [4, offset],
    [2, 0],
  );
  return concat(...parts, index, end);
}

/** Little-endian fields of 1, 2, 4 or 8 bytes. */
export function bytes(...fields: readonly (readonly [size: number, value: number])[]): Uint8Array {
  const out: number[] = [];
  for (const [size, value] of fields) for (let i = 0; i < size; i++) out.push(Math.floor(value / 256 ** i) % 256);
  return Uint8Array.from(out);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Opcodes of pickle protocol 2 by their names in Python's `pickletools`. */
export const op = {
  proto: (version = 2) => bytes([1, 0x80], [1, version]),
  stop: bytes([1, 0x2e]),
  mark: bytes([1, 0x28]),
  emptyDict: bytes([1, 0x7d]),
  emptyList: bytes([1, 0x5d]),
  emptyTuple: bytes([1, 0x29]),
  tuple: bytes([1, 0x74]),
  tuple1: bytes([1, 0x85]),
  append: bytes([1, 0x61]),
  setItem: bytes([1, 0x73]),
  reduce: bytes([1, 0x52]),
  build: bytes([1, 0x62]),
  none: bytes([1, 0x4e]),
  no: bytes([1, 0x89]),
  persistent: bytes([1, 0x51]),
  global: (module: string, name: string) => utf8(`c${module}\n${name}\n`),
  text: (text: string) => concat(bytes([1, 0x58], [4, utf8(text).length]), utf8(text)),
  int: (value: number) => bytes([1, 0x4a], [4, value]),
  long: (...little: readonly number[]) => concat(bytes([1, 0x8a], [1, little.length]), Uint8Array.from(little)),
  put: (index: number) => bytes([1, 0x72], [4, index]),
  get: (index: number) => bytes([1, 0x6a], [4, index]),
};

/** A pickle of `{"model_state_dict": {name: tensor}}` with one storage `0`. */
export function tensorPickle(
  name: string,
  tensor: { storage?: string; elements: number; offset: number; shape: number[]; strides: number[]; key?: string },
): Uint8Array {
  return concat(
    op.proto(),
    op.emptyDict,
    op.text('model_state_dict'),
    op.emptyDict,
    op.text(name),
    op.global('torch._utils', '_rebuild_tensor_v2'),
    op.mark,
    op.mark,
    op.text('storage'),
    op.global('torch', tensor.storage ?? 'FloatStorage'),
    op.text(tensor.key ?? '0'),
    op.text('cuda:0'),
    op.int(tensor.elements),
    op.tuple,
    op.persistent,
    op.int(tensor.offset),
    op.mark,
    ...tensor.shape.map(op.int),
    op.tuple,
    op.mark,
    ...tensor.strides.map(op.int),
    op.tuple,
    op.no,
    op.none,
    op.tuple,
    op.reduce,
    op.setItem,
    op.setItem,
    op.stop,
  );
}
