/** The compression of parquet pages, as a whole for small columns and as it comes in for audio. */

import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { Decompress, decompress } from 'fzstd';
import type { CompressionCodec, Compressors } from 'hyparquet';
import { UserError } from '../core/errors.js';
import { SnappyStream } from './snappy.js';

/** Beyond those that hyparquet has itself (none and Snappy). */
export const COMPRESSORS: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input, outputBytes) => decompress(input, new Uint8Array(outputBytes)),
};

type Pieces = AsyncIterable<Uint8Array>;

/** @throws UserError when no decoder is there; Error on damage, while it is read. */
export function decompressed(codec: CompressionCodec, pieces: Pieces): Pieces {
  switch (codec) {
    case 'UNCOMPRESSED':
      return pieces;
    case 'SNAPPY':
      return snappy(pieces);
    case 'ZSTD':
      return zstd(pieces);
    case 'GZIP':
      return through(pieces, createGunzip());
    case 'BROTLI':
      return through(pieces, createBrotliDecompress());
    default:
      throw new UserError(`parquet pages compressed with ${codec} cannot be read`, {
        hint: 'write them with Snappy, zstd, gzip, Brotli or no compression',
      });
  }
}

async function* snappy(pieces: Pieces): Pieces {
  const stream = new SnappyStream();
  for await (const piece of pieces) yield* stream.push(piece);
  stream.finish();
}

async function* zstd(pieces: Pieces): Pieces {
  const out: Uint8Array[] = [];
  const stream = new Decompress((piece) => out.push(piece));
  for await (const piece of pieces) {
    stream.push(piece);
    yield* out.splice(0);
  }
}

async function* through(pieces: Pieces, transform: Transform): Pieces {
  const done = pipeline(Readable.from(pieces), transform);
  done.catch(() => {});
  yield* transform;
  await done;
}
