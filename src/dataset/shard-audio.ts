/** Headers and samples of audio that lies in a parquet shard. */

import { openBesideSilence } from '../audio/beside-silence.js';
import type { FilePart } from '../audio/byte-file.js';
import { headerOf, type NamedHeader, openPair, pairHeader } from '../audio/open.js';
import type { AudioSource } from '../core/conversation.js';
import type { Blob } from '../parquet/blobs.js';
import type { ShardFile } from './shard-file.js';

export interface ShardAudio {
  readonly shard: ShardFile;
  readonly blob: Blob;
  /** How messages name it, such as `20/speaker_1_audio`. */
  readonly path: string;
}

/**
 * Two mono channels. Only their headers are read; the samples are fetched when they are opened.
 * @throws UserError as `openPair`.
 */
export async function shardPair(first: ShardAudio, second: ShardAudio): Promise<AudioSource> {
  const header = pairHeader(await readHeader(first), await readHeader(second));
  const open = async () => (await openPair(await partOf(first), await partOf(second))).open();
  return { ...header, identity: () => `${identityOf(first)} ${identityOf(second)}`, open };
}

/** One voice beside silence. */
export async function shardVoice(audio: ShardAudio): Promise<AudioSource> {
  const { sampleRateHz, length } = await readHeader(audio);
  const open = async () => (await openBesideSilence(await partOf(audio))).open();
  return { sampleRateHz, length, identity: () => identityOf(audio), open };
}

function identityOf({ shard, blob }: ShardAudio): string {
  return `${shard.identity} ${blob.offset} ${blob.bytes}`;
}

async function partOf({ shard, blob, path }: ShardAudio): Promise<FilePart> {
  return { ...(await shard.partAt(blob.offset, blob.bytes)), bytes: blob.bytes, path };
}

/** What a header is read of at a time, bytes. */
const BLOCK_BYTES = 1 << 12;

/** Most headers stand in the bytes that are there; of the others the blocks that are missing are read. */
async function readHeader({ shard, blob, path }: ShardAudio): Promise<NamedHeader> {
  const blocks = new Map<number, Uint8Array>();
  for (;;) {
    try {
      return headerOf({ path, size: blob.bytes, bytes: (position, count) => collect(position, count) });
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      const start = error.block * BLOCK_BYTES;
      const end = Math.min(blob.bytes, start + BLOCK_BYTES);
      blocks.set(error.block, await shard.ranges.read(blob.offset + start, blob.offset + end));
    }
  }

  function collect(position: number, count: number): Uint8Array<ArrayBuffer> {
    const end = Math.max(position, Math.min(blob.bytes, position + count));
    if (end <= blob.head.length) return new Uint8Array(blob.head.slice(position, end));
    const bytes = new Uint8Array(end - position);
    for (let at = position; at < end; ) {
      const block = Math.floor(at / BLOCK_BYTES);
      const content = blocks.get(block);
      if (!content) throw new Missing(block);
      const piece = content.subarray(at - block * BLOCK_BYTES, end - block * BLOCK_BYTES);
      bytes.set(piece, at - position);
      at += piece.length;
    }
    return bytes;
  }
}

/** Never leaves this file. */
class Missing extends Error {
  readonly block: number;

  constructor(block: number) {
    super();
    this.block = block;
  }
}
