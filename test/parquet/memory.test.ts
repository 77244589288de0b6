/** What is held of a large set is the largest piece that is ever read: no page of audio, whatever its size. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ByteRanges, localRanges } from '../../src/io/byte-ranges.js';
import { unpackColumn } from '../../src/parquet/blobs.js';
import { blobsOf, openBlobColumn, openShard, readRows } from '../../src/parquet/shard.js';
import { conversationShard, tinyRows } from '../hub/shards.js';

const CONVERSATIONS = 38;
const AUDIO_BYTES = 400_000;
const FOOTER_BYTES = 1 << 19;
const PIECE_BYTES = 1 << 20;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shards-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function watched(ranges: ByteRanges) {
  const seen = { largest: 0, bytes: 0 };
  const read = (start: number, end: number) => {
    seen.largest = Math.max(seen.largest, end - start);
    seen.bytes += end - start;
    return ranges.read(start, end);
  };
  return { seen, ranges: { ...ranges, read } };
}

/** A set of 30 MB in one row group. */
async function largeShard(audioCodec: 'UNCOMPRESSED' | 'SNAPPY') {
  const path = join(folder, `${audioCodec}.parquet`);
  if (!existsSync(path)) {
    const rows = tinyRows(...Array.from({ length: CONVERSATIONS }, (_, i) => `${i + 1}`)).map((row, i) => {
      const audio = { bytes: new Uint8Array(AUDIO_BYTES + i).fill(i), path: '' };
      return { ...row, speaker_1_audio: audio, speaker_2_audio: audio };
    });
    writeFileSync(path, conversationShard(rows, { audioCodec }));
  }
  return watched(await localRanges(path));
}

it('reads the annotations and audio headers of 38 conversations in small pieces, and none of the audio', async () => {
  const { ranges, seen } = await largeShard('UNCOMPRESSED');
  expect(ranges.size).toBeGreaterThan(2 * CONVERSATIONS * AUDIO_BYTES);
  const shard = await openShard(ranges);
  expect(await readRows(shard, 0, ['conversation_id', 'speaker_1_annotation_a'])).toHaveLength(CONVERSATIONS);
  const column = await openBlobColumn(shard, 0, 'speaker_2_audio');
  const blobs = await blobsOf(ranges, column, 4096);
  expect(blobs.map((blob) => blob?.bytes)).toEqual(Array.from({ length: CONVERSATIONS }, (_, i) => AUDIO_BYTES + i));
  expect(seen.largest).toBeLessThanOrEqual(FOOTER_BYTES);
  expect(seen.bytes).toBeLessThan(ranges.size / 20);
});

it('unpacks pages that are larger than all that is held', async () => {
  const { ranges, seen } = await largeShard('SNAPPY');
  const shard = await openShard(ranges);
  const column = await openBlobColumn(shard, 0, 'speaker_1_audio');
  const path = join(folder, 'unpacked');
  const pages = await unpackColumn(ranges, column.pages, path);
  const unpacked = watched(await localRanges(path));
  const blobs = await blobsOf(unpacked.ranges, { ...column, pages }, 1);
  expect(blobs.map((blob) => [blob?.bytes, blob?.head[0]])).toEqual(
    Array.from({ length: CONVERSATIONS }, (_, i) => [AUDIO_BYTES + i, i]),
  );
  expect(Math.max(seen.largest, unpacked.seen.largest)).toBeLessThanOrEqual(PIECE_BYTES);
});
