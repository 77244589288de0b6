import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/core/prng.js';
import { decompressed } from '../../src/parquet/decompress.js';

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function whole(codec: Parameters<typeof decompressed>[0], packed: Uint8Array, size: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of decompressed(codec, inPieces(packed, size))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Stretches of noise, some of which come again. */
function content(bytes: number): Uint8Array {
  const prng = new Prng(5);
  const words = Array.from({ length: 20 }, () => Uint8Array.from({ length: 1 + prng.int(3000) }, () => prng.int(256)));
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < bytes; size += pieces.at(-1)!.length) pieces.push(prng.pick(words));
  return Buffer.concat(pieces).subarray(0, bytes);
}

describe('decompressed', () => {
  it.each([
    ['SNAPPY', snappyCompress],
    ['GZIP', gzipSync],
    ['BROTLI', brotliCompressSync],
    ['UNCOMPRESSED', (bytes: Uint8Array) => bytes],
  ] as const)('gives back what was compressed with %s, longer than all that is held', async (codec, compress) => {
    const bytes = content(1_500_000);
    expect((await whole(codec, compress(bytes), 70_001)).equals(bytes)).toBe(true);
  });

  it('does not mind where Snappy is cut in pieces', async () => {
    const repeated = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 90 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(repeated, fc.integer({ min: 1, max: 9 }), async (lists, size) => {
        const bytes = Uint8Array.from([...lists, ...lists].flat());
        expect((await whole('SNAPPY', snappyCompress(bytes), size)).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['ends too early', (packed: Uint8Array) => packed.subarray(0, -3), /it ends too early/],
    ['refers to what was never there', () => Uint8Array.of(8, 0b1110, 0, 1), /refers to what is not there/],
    ['has no length', () => new Uint8Array(12).fill(0xff), /it has no length|ends too early/],
  ])('refuses Snappy that %s', async (_, damage, message) => {
    await expect(whole('SNAPPY', damage(snappyCompress(content(5000))), 100)).rejects.toThrow(message);
  });

  it('says which compression it does not know', () => {
    expect(() => decompressed('LZO', inPieces(new Uint8Array(), 1))).toThrow(/compressed with LZO cannot be read/);
  });
});
