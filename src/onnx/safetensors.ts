/**
 * safetensors: an 8-byte little-endian header length, a JSON header `{name: {dtype, shape, data_offsets}}` and one
 * block of raw little-endian numbers. The header is read and checked as a whole, tensors one at a time.
 */

import * as z from 'zod';
import { UserError } from '../core/errors.js';
import type { ByteSource } from './byte-source.js';
import { elementCount, FLOAT_TYPES, isFloatType, missingTensor, type TensorFile, toFloat32 } from './tensor-file.js';

// A header of all tensors of Mimi is 40 kB.
const HEADER_BYTES_MAX = 16 * 1024 * 1024;

const size = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size).max(8),
  data_offsets: z.tuple([size, size]),
});

type Entry = z.infer<typeof entrySchema>;

/** @throws UserError when the bytes are not safetensors or a tensor does not lie inside the file. */
export function readSafetensors(source: ByteSource): TensorFile {
  const { entries, dataOffset } = readHeader(source);
  const tensors: TensorFile = {
    file: source.file,
    names: [...entries.keys()],
    shape: (name) => entries.get(name)?.shape,
    read(name) {
      const entry = entries.get(name);
      if (!entry) throw missingTensor(tensors, name);
      if (!isFloatType(entry.dtype)) {
        throw new UserError(
          `${source.file}: tensor '${name}' has element type ${entry.dtype}, not a floating-point one`,
        );
      }
      const [start, end] = entry.data_offsets;
      return toFloat32(source.read(dataOffset + start, end - start, `tensor '${name}'`), entry.dtype);
    },
    close: () => source.close(),
  };
  return tensors;
}

function readHeader(source: ByteSource): { entries: Map<string, Entry>; dataOffset: number } {
  const prefix = source.read(0, 8, 'the length of the header');
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > BigInt(HEADER_BYTES_MAX)) throw notSafetensors(source, `a header of ${length} bytes`);
  const dataOffset = 8 + Number(length);
  const header = parseJson(source, source.read(8, Number(length), 'the header'));
  const entries = new Map<string, Entry>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) throw notSafetensors(source, `a malformed entry for tensor '${name}'`);
    checkRange(source, name, parsed.data, source.length - dataOffset);
    entries.set(name, parsed.data);
  }
  return { entries, dataOffset };
}

function parseJson(source: ByteSource, bytes: Uint8Array): object {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header;
  } catch {
    // Reported below: a header that is no JSON and one that is no object are the same mistake.
  }
  throw notSafetensors(source, 'a header that is not a JSON object');
}

function checkRange(source: ByteSource, name: string, entry: Entry, available: number): void {
  const [start, end] = entry.data_offsets;
  if (start > end || end > available) {
    throw new UserError(`${source.file}: tensor '${name}' ends at byte ${end} of the data, which has ${available}`, {
      hint: 'the file is truncated or damaged: download it again',
    });
  }
  if (isFloatType(entry.dtype) && elementCount(entry.shape) * FLOAT_TYPES[entry.dtype] !== end - start) {
    throw notSafetensors(source, `${end - start} bytes for tensor '${name}' of shape [${entry.shape}]`);
  }
}

function notSafetensors(source: ByteSource, found: string): UserError {
  return new UserError(`${source.file} is not a safetensors file: it has ${found}`);
}
