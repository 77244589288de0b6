import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fileFailure } from './failures.js';

/** Lower-case hex digest of the UTF-8 bytes of a text. */
export function sha256Text(text: string): string {
  const hash = createHash('sha256');
  // In pieces, because a text that is hashed at once takes a block of three bytes per character, and an allocator that
  // has seen a block of megabytes freed keeps that much of everything freed later.
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(PIECE_BYTES);
  for (let rest = text; rest !== ''; ) {
    const { read, written } = encoder.encodeInto(rest, bytes);
    hash.update(bytes.subarray(0, written));
    rest = rest.slice(read);
  }
  return hash.digest('hex');
}

const PIECE_BYTES = 1 << 14;

export function sha256Bytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Lower-case hex digest of a file of any size.
 * @throws UserError when it cannot be read.
 */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  } catch (error) {
    throw fileFailure(error, 'read', path);
  }
  return hash.digest('hex');
}

/**
 * JSON with sorted keys and no spaces, so that equal values have equal text whatever order they were built in: the
 * text that is hashed. Keys without a value are left out, as `JSON.stringify` does.
 * @throws Error on what JSON cannot say (NaN, functions, cycles): hashing `null` in its place would hide it.
 */
export function canonicalJson(value: unknown): string {
  return canonical(value, []);
}

function canonical(value: unknown, within: readonly object[]): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') throw new Error(`not a JSON value: ${String(value)}`);
  if (within.includes(value)) throw new Error('not a JSON value: it contains itself');
  const deeper = [...within, value];
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, deeper)).join(',')}]`;
  const pairs = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item, deeper)}`);
  return `{${pairs.join(',')}}`;
}
