/**
 * numpy files (NEP 1, version 1.0): one array, or several by name as `.npz`, a zip archive of stored entries. Nothing
 * of the moment of writing goes in: the same arrays give the same bytes.
 */

import { crc32 } from 'node:zlib';

export interface NumpyArray {
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
  /** Row-major; `[]` is a scalar. */
  readonly shape: readonly number[];
}

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
/** The data starts at a multiple of this. */
const ALIGNMENT = 64;

// Little-endian machines only, as everything that runs onnxruntime is.
function typeOf(data: NumpyArray['data']): string {
  if (data instanceof Float32Array) return '<f4';
  if (data instanceof Float64Array) return '<f8';
  return data instanceof Int32Array ? '<i4' : '|u1';
}

/** One array as the pieces of an `.npy` file. */
export function npy({ data, shape }: NumpyArray): Uint8Array[] {
  if (shape.reduce((a, b) => a * b, 1) !== data.length) throw new Error(`${data.length} numbers for shape [${shape}]`);
  const dimensions = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${typeOf(data)}', 'fortran_order': False, 'shape': ${dimensions}, }`;
  const length = MAGIC.length + 2 + header.length + 1;
  const padded = `${header}${' '.repeat((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT)}\n`;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(padded.length);
  const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [Buffer.concat([MAGIC, size, Buffer.from(padded, 'latin1')]), numbers];
}

/** Arrays by name as the pieces of an `.npz` file of less than 4 GB. */
export function npz(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const content = npy(array);
    const entry = zipEntry(`${name}.npy`, content);
    const local = Buffer.concat([LOCAL_HEADER, entry.common, entry.name]);
    directory.push(Buffer.concat([DIRECTORY_HEADER, entry.common, Buffer.alloc(10), uint32(offset), entry.name]));
    pieces.push(local, ...content);
    offset += local.length + entry.size;
  }
  const index = Buffer.concat(directory);
  const count = Buffer.alloc(2);
  count.writeUInt16LE(directory.length);
  const end = [END_HEADER, Buffer.alloc(4), count, count, uint32(index.length), uint32(offset), Buffer.alloc(2)];
  return [...pieces, index, Buffer.concat(end)];
}

// Zip (APPNOTE 6.3), stored entries: signature and version needed, then the fields that both headers share.
const LOCAL_HEADER = Buffer.from([0x50, 0x4b, 3, 4, 20, 0]);
const DIRECTORY_HEADER = Buffer.from([0x50, 0x4b, 1, 2, 20, 0, 20, 0]);
const END_HEADER = Buffer.from([0x50, 0x4b, 5, 6]);
/** 1 January 1980, midnight: the zero of the format. */
const TIME = Buffer.from([0, 0, 0x21, 0]);

function zipEntry(file: string, content: readonly Uint8Array[]) {
  const name = Buffer.from(file, 'utf8');
  const size = content.reduce((sum, piece) => sum + piece.length, 0);
  const checksum = content.reduce((sum, piece) => crc32(piece, sum), 0);
  const flagsAndMethod = Buffer.alloc(4);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(name.length);
  const common = Buffer.concat([flagsAndMethod, TIME, uint32(checksum), uint32(size), uint32(size), lengths]);
  return { name, size, common };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
