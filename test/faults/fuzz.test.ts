/**
 * Every parser of files that others wrote, on damaged copies of valid ones: it succeeds, or says what is wrong as a
 * `UserError`; it never fails in another way, hangs, or reserves memory for what a file merely claims.
 *
 * TURNBENCH_FUZZ=20000 runs each so many times, from another seed each time.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioHeader, decodeFile } from '../../src/audio/open.js';
import { UserError } from '../../src/core/errors.js';
import { parseAnnotations } from '../../src/dataset/annotations-json.js';
import { parseTurnRow } from '../../src/dataset/eot-rows.js';
import { parseDatasetInfo, parseMetadata } from '../../src/dataset/metadata.js';
import { formatSrt, parseSrt } from '../../src/dataset/srt.js';
import { localRanges } from '../../src/io/byte-ranges.js';
import { parseJson } from '../../src/io/json.js';
import { parseJsonLines } from '../../src/io/jsonl.js';
import { decodeText } from '../../src/io/text.js';
import { encodeMessage, MessageReader } from '../../src/models/bridge/protocol.js';
import { bytesInMemory } from '../../src/onnx/byte-source.js';
import { openCheckpoint } from '../../src/onnx/checkpoint.js';
import { unpickle } from '../../src/onnx/pickle.js';
import { readSafetensors } from '../../src/onnx/safetensors.js';
import { torchHost } from '../../src/onnx/torch-objects.js';
import { readZip } from '../../src/onnx/zip.js';
import { blobsOf, openBlobColumn, openShard, readRows } from '../../src/parquet/shard.js';
import { floorFromDisk } from '../../src/result/floor.js';
import { parsePredictions } from '../../src/result/predictions.js';
import { parseProbabilities } from '../../src/result/probabilities.js';
import { readConversationRows, readRunHeader } from '../../src/result/run-folder.js';
import { readScoredRun } from '../../src/run/scored-runs.js';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { wav, writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, TINY_ANNOTATIONS, tinyDataset } from '../helpers/tiny-world.js';
import { damagedBytes, damagedText } from './mutations.js';

const ASKED = process.env['TURNBENCH_FUZZ'];
const FILE_BYTES_MAX = 2 ** 21;
/** What reading one of these small files may reserve at once. */
const RESERVED_BYTES_MAX = 2 ** 26;

const place = workplace();
const scratch = mkdtempSync(join(tmpdir(), 'turnbench-fuzz-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function survives<T extends string | Uint8Array>(
  files: fc.Arbitrary<T>,
  runs: number,
  parse: (file: T) => unknown,
): Promise<void> {
  const property = fc.asyncProperty(files, async (file) => {
    if (file.length > FILE_BYTES_MAX) return;
    const before = reservedBytes();
    try {
      await parse(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.message).not.toMatch(/\[object|^$/);
    }
    expect(reservedBytes() - before).toBeLessThan(RESERVED_BYTES_MAX);
  });
  const repeatable = ASKED === undefined ? { seed: 7 } : {};
  await fc.assert(property, { numRuns: ASKED === undefined ? runs : Number(ASKED), ...repeatable });
}

function refusal(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

function reservedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}

function onDisk(name: string, content: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

const TIMEOUT_MS = ASKED === undefined ? 30_000 : 3_600_000;

describe('damaged bytes', () => {
  const tone = Array.from({ length: 900 }, (_, i) => Math.round(9000 * Math.sin(i)));
  const checkpoint = fixture('mimi-tiny/checkpoint.pt');
  const pickled = readZip(bytesInMemory('a.pt', checkpoint));
  const pickle = pickled.read(pickled.names.find((name) => name.endsWith('data.pkl'))!, 2 ** 20);

  const read = async (bytes: Uint8Array) => {
    const path = onDisk('audio', bytes);
    await audioHeader(path);
    await decodeFile(path);
  };
  const tensors = (bytes: Uint8Array) => {
    const file = openCheckpoint(onDisk('weights', bytes));
    try {
      for (const name of file.names.slice(0, 5)) file.read(name);
    } finally {
      file.close();
    }
  };

  const shard = async (bytes: Uint8Array) => {
    const ranges = await localRanges(onDisk('shard', bytes));
    const opened = await openShard(ranges);
    for (const group of opened.groups.keys()) {
      await readRows(opened, group, opened.columns.filter((name) => name !== 'audio').slice(0, 2));
      for (const name of opened.columns) {
        const column = await openBlobColumn(opened, group, name).catch(refusal);
        if (column && !column.isCompressed) await blobsOf(ranges, column, 64);
      }
    }
  };

  it.each<[string, readonly Uint8Array[], number, (bytes: Uint8Array) => unknown]>([
    ['WAV', [wav([tone]), wav([tone, tone])], 300, read],
    ['FLAC', [fixture('audio/noise-8bit-padded.flac'), fixture('audio/noise-24bit-stereo.flac')], 60, read],
    ['a PyTorch checkpoint', [checkpoint], 200, tensors],
    ['a parquet shard', ['plain', 'dictionary', 'zstd'].map((name) => fixture(`parquet/${name}.parquet`)), 60, shard],
    ['a pickle', [pickle], 300, (bytes) => unpickle(bytes, torchHost())],
    ['safetensors', [safetensors()], 300, (bytes) => readAll(readSafetensors(bytesInMemory('a', bytes)))],
    [
      'what a model in another process sends',
      [encodeMessage('MODL', { protocol: 1 }), encodeMessage('PROB', new Uint8Array(16))],
      300,
      (bytes) => {
        const reader = new MessageReader();
        reader.push(Buffer.from(bytes));
        while (reader.next());
      },
    ],
  ])(
    'are read or refused: %s',
    async (_, files, runs, parse) => survives(damagedBytes(files), runs, parse),
    TIMEOUT_MS,
  );

  function readAll(file: ReturnType<typeof readSafetensors>): void {
    for (const name of file.names) file.read(name);
  }
});

describe('damaged text', () => {
  let run: RunFiles;
  beforeAll(async () => {
    writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
    writeTree(place.folder, { 'model.mjs': modelSource(LOUDNESS) });
    const out = join(place.folder, 'out');
    await place.inside(['eval', '-m', './model.mjs', '-d', 'tiny', '--tracks', '--sweep', '0.2:0.8:0.2', '--out', out]);
    run = onlyRun(out);
    await place.inside(['baselines', 'update', run.path, '--out', join(place.folder, 'baselines')]);
  });

  const durations = new Map([
    ['1', 6],
    ['2', 6],
  ]);
  const strict = (text: string) => parseJson(text, 'a.json', { uniqueKeys: true });
  const segments = [
    { startS: 0.5, endS: 1.5, label: 'Normal Turn', text: 'so what' },
    { startS: 3600, endS: 3601.25, label: 'Backchannel' },
  ];

  const TURN = { id: 'a', language: 'de', audio: 'a.wav', silence_spans: [{ start: 1, end: 2 }] };
  const METADATA = { conversation_type: 'casual', duration_s: 6.5, n: 1 };

  it.each<[string, string, number, (text: string) => unknown]>([
    ['SRT', formatSrt(segments), 300, (text) => parseSrt(text)],
    ['annotations.json', JSON.stringify(TINY_ANNOTATIONS), 300, (text) => parseAnnotations(strict(text))],
    ['dataset.json', JSON.stringify({ name: 'a', version: '1' }), 200, (text) => parseDatasetInfo(strict(text))],
    ['metadata.json', JSON.stringify(METADATA), 200, (text) => parseMetadata(strict(text))],
    ['turns.jsonl', JSON.stringify(TURN), 200, (text) => parseJsonLines(text, 'turns.jsonl').map(parseTurnRow)],
  ])('is read or refused: %s', async (_, text, runs, parse) => survives(damagedText([text]), runs, parse), TIMEOUT_MS);

  it.each<[string, number, (text: string) => unknown]>([
    ['predictions.json', 200, (text) => parsePredictions(strict(text), durations, 'predictions.json')],
    ['probs-eot.json', 60, (text) => parseProbabilities(strict(text), durations, 'probs-eot.json')],
    [
      'run.json',
      60,
      async (text) => {
        onDisk('run.json', text);
        await readRunHeader(scratch);
      },
    ],
    [
      'conversations.jsonl',
      100,
      async (text) => {
        onDisk('run.json', run.read('run.json'));
        onDisk('conversations.jsonl', text);
        for (const row of await readConversationRows(scratch)) {
          if (row.status === 'ok' && row.floor) floorFromDisk(row.floor);
        }
        await readScoredRun(scratch);
      },
    ],
  ])(
    'of a run is read or refused: %s',
    async (file, runs, parse) => {
      await survives(damagedText([run.read(file)]), runs, parse);
    },
    TIMEOUT_MS,
  );

  it(
    'that is no text at all is refused',
    async () => {
      const texts = ['predictions.json', 'run.json'].map((file) => Buffer.from(run.read(file)));
      await survives(damagedBytes(texts), 100, (bytes) => parseJson(decodeText(Buffer.from(bytes), 'a'), 'a'));
    },
    TIMEOUT_MS,
  );
});

function safetensors(): Uint8Array {
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { a: 'b' },
      w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      b: { dtype: 'BF16', shape: [4], data_offsets: [24, 32] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(32, 1)]);
}
