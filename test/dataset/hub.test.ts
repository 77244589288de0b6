import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../src/core/conversation.js';
import { openDataset } from '../../src/dataset/catalogue.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { firstDifference, readAll } from '../helpers/samples.js';
import { TINY_DURATION_S, TINY_RATE } from '../helpers/tiny-world.js';
import { COMMIT, type DatasetHub, type HubFaults, startDatasetHub } from '../hub/server.js';
import {
  annotationsOf,
  type ConversationRow,
  conversationShard,
  tinyAudio,
  tinyRows,
  turnShard,
} from '../hub/shards.js';

const folder = temporaryFolder();
let hub: DatasetHub | undefined;

beforeEach(() => vi.stubEnv('TURNBENCH_CACHE', join(folder(), 'cache')));

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub?.close();
  hub = undefined;
});

const TOKEN = 'hf_notasecret';

/** Audio long enough to be read by ranges: padded behind the samples, which readers step over. */
function longRows(...ids: string[]): ConversationRow[] {
  return tinyRows(...ids).map((row) => ({
    ...row,
    speaker_1_audio: padded(row.speaker_1_audio!),
    speaker_2_audio: padded(row.speaker_2_audio!),
  }));
}

function padded<T extends { readonly bytes: Uint8Array }>(audio: T): T {
  const chunk = Buffer.alloc(300_000);
  chunk.write('junk', 0, 'latin1');
  chunk.writeUInt32LE(chunk.length - 8, 4);
  return { ...audio, bytes: Buffer.concat([audio.bytes, chunk]) };
}

async function start(files: Readonly<Record<string, Uint8Array>>, faults: HubFaults = {}): Promise<DatasetHub> {
  hub = await startDatasetHub({ 'a/talks': files, 'livekit/eot-bench-data': files }, faults);
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HF_TOKEN', '');
  vi.stubEnv('HF_HOME', join(folder(), 'huggingface'));
  return hub;
}

const SHARDS = {
  'README.md': Buffer.from('talks'),
  'data/dev-00000-of-00002.parquet': conversationShard(longRows('1', '10'), { rowGroupSize: 1 }),
  'data/dev-00001-of-00002.parquet': conversationShard(longRows('2')),
};

/** Bytes of shards that were asked for. */
const fetched = (each: DatasetHub) =>
  each.requests.reduce((sum, { range }) => sum + (range ? range[1] - range[0] : 0), 0);

async function samplesOf(dataset: Dataset, id: string) {
  return readAll((await dataset.open(id)).audio!, 5000);
}

describe('a data set of the hub', () => {
  it('has the conversations of all its shards, the commit as revision, and what its page says', async () => {
    await start(SHARDS);
    const dataset = await openDataset('hf:a/talks');
    expect(dataset.ids).toEqual(['1', '2', '10']);
    expect(dataset.info).toMatchObject({ name: 'talks', revision: COMMIT, licence: 'cc-by-nc-4.0', language: 'en' });
    expect(dataset.location).toBe(`hf:a/talks@${COMMIT}`);
    expect(dataset.warnings).toEqual([]);
    const { durationS, tags, annotations, audio } = await dataset.open('10');
    expect([durationS, audio?.sampleRateHz]).toEqual([TINY_DURATION_S, TINY_RATE]);
    expect(tags).toEqual({
      conversation_type: 'even',
      speaker_1_actor_id: 'actor-10',
      speaker_2_actor_id: 'actor-110',
    });
    expect(annotations?.[1].map(({ annotator }) => annotator)).toEqual(['a', 'b', 'c']);
    expect(annotations?.[2][0]?.segments[1]).toEqual({ startS: 3, endS: 4.5, label: 'Normal Turn' });
  });

  it('reads annotations and audio headers by ranges, never the audio, and the second time nothing', async () => {
    const { requests } = await start(SHARDS);
    await openDataset('hf:a/talks');
    const shard = 'data/dev-00000-of-00002.parquet';
    const of = requests.filter(({ path, range }) => path.endsWith(shard) && range);
    expect(SHARDS[shard].length).toBeGreaterThan(1_500_000);
    // The footer is read with what stands before it, half a megabyte at most.
    const beforeFooter = of.filter(({ range }) => range![1] < SHARDS[shard].length);
    expect(beforeFooter.length).toBe(of.length - 1);
    expect(beforeFooter.reduce((sum, { range }) => sum + range![1] - range![0], 0)).toBeLessThan(60_000);
    requests.length = 0;
    await openDataset(`hf:a/talks@${COMMIT}`);
    expect(requests).toEqual([]);
  });

  it('fetches the audio of a conversation when it is streamed, and only that', async () => {
    const each = await start(SHARDS);
    const dataset = await openDataset('hf:a/talks');
    each.requests.length = 0;
    const samples = await samplesOf(dataset, '10');
    expect(samples[1][0]).toBe(10 / 32768);
    expect(samples[1]).toHaveLength(TINY_DURATION_S * TINY_RATE);
    const audioBytes = 2 * padded({ bytes: tinyAudio(1, '10') }).bytes.length;
    expect(fetched(each)).toBe(audioBytes);
    each.requests.length = 0;
    await samplesOf(dataset, '10');
    expect(each.requests).toEqual([]);
  });

  it('sends its token to the hub and to nobody else', async () => {
    const each = await start(SHARDS, { token: TOKEN, redirect: true });
    vi.stubEnv('HF_TOKEN', TOKEN);
    await samplesOf(await openDataset('hf:a/talks'), '2');
    const sent = (host: string) => new Set(each.requests.filter((r) => r.host === host).map((r) => r.authorization));
    expect([...sent('hub')]).toEqual([`Bearer ${TOKEN}`]);
    expect([...sent('storage')]).toEqual([undefined]);
  });

  it('finds the token where the tools of the hub keep it', async () => {
    await start(SHARDS, { token: TOKEN });
    mkdirSync(join(folder(), 'huggingface'));
    writeFileSync(join(folder(), 'huggingface', 'token'), `${TOKEN}\n`);
    expect((await openDataset('hf:a/talks')).ids).toHaveLength(3);
  });

  it.each([
    ['no token', '', 401, /then set HF_TOKEN to a token of your account/],
    ['a token that may not read', 'hf_other', 403, /the token of HF_TOKEN is sent, but may not read it/],
  ])('says with %s which page to open and which variable to set', async (_, token, status, hint) => {
    const { endpoint } = await start(SHARDS, { token: TOKEN });
    vi.stubEnv('HF_TOKEN', token);
    const failure = await openDataset('hf:a/talks').catch((error) => error);
    expect(failure).toMatchObject({
      exitCode: 5,
      message: `${endpoint}/datasets/a/talks answered ${status}: it is gated, private or gone`,
      hint: expect.stringMatching(hint),
    });
    expect(`${failure.message} ${failure.hint}`).not.toContain('hf_');
  });

  it('says so too where everybody may list the files, but not read them', async () => {
    const { endpoint } = await start(SHARDS, { token: TOKEN, isListed: true });
    vi.stubEnv('HF_TOKEN', 'hf_other');
    await expect(openDataset('hf:a/talks')).rejects.toMatchObject({
      exitCode: 5,
      message: `${endpoint}/datasets/a/talks answered 403: it is gated, private or gone`,
    });
  });

  it('asks again when a connection breaks', async () => {
    await start(SHARDS, { breakAfter: 1000, breaks: 2 });
    expect((await openDataset('hf:a/talks')).ids).toHaveLength(3);
  });

  it('says that a server is busy, and that one knows no ranges', async () => {
    const each = await start(SHARDS, { ignoreRange: true });
    await expect(openDataset('hf:a/talks')).rejects.toThrow(
      /cannot be read by ranges: the server sends the whole file/,
    );
    each.faults.status = 503;
    await expect(openDataset('hf:a/talks')).rejects.toMatchObject({ message: expect.stringMatching(/answered 503/) });
  });

  it('says what is damaged', async () => {
    await start(SHARDS, { damage: true });
    await expect(openDataset('hf:a/talks')).rejects.toThrow(/dev-00000-of-00002.parquet: its footer cannot be read/);
  });

  it('says that there is no such revision, and what a name looks like', async () => {
    await start(SHARDS);
    await expect(openDataset('hf:a/talks@v9')).rejects.toMatchObject({ exitCode: 5, message: /404/ });
    await expect(openDataset('hf:talks')).rejects.toThrow(/'hf:talks' is no data set of the hub/);
  });

  it('takes the public development set at the commit that the public tools pin', async () => {
    const { requests } = await start(SHARDS);
    await expect(openDataset('turnbench-dev')).rejects.toMatchObject({ exitCode: 5 });
    await expect(openDataset('turnbench-test@v2')).rejects.toMatchObject({ exitCode: 5 });
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/datasets/mundo-ai/turn-benchmark-dev/revision/8fa18a24be51528a45397b35cbcaecd84202062b?blobs=true',
      '/api/datasets/mundo-ai/turn-benchmark-test/revision/v2?blobs=true',
    ]);
  });

  it('fetches shards whose audio is compressed as a whole, once, and says so', async () => {
    const each = await start({ 'dev.parquet': conversationShard(longRows('1', '2'), { audioCodec: 'SNAPPY' }) });
    const dataset = await openDataset('hf:a/talks');
    expect(dataset.warnings).toEqual([expect.stringMatching(/^dev.parquet: its audio cannot be read by ranges/)]);
    expect((await samplesOf(dataset, '2'))[2][0]).toBe(2 / 32768);
    each.requests.length = 0;
    expect((await openDataset(dataset.location)).warnings).toEqual([]);
    expect(each.requests).toEqual([]);
  });
});

describe('user turns of the hub', () => {
  it('are conversations beside silence', async () => {
    const turn = {
      id: 'en-1',
      language: ' EN ',
      audio: { bytes: tinyAudio(1, '7'), path: 'en-1.wav' },
      silence_spans: [
        { start: 1.5, end: 1.9 },
        { start: 5.5, end: 6 },
      ],
      messages: [{ role: 'assistant', content: 'Hello?' }],
      words: null,
    };
    await start({
      'en/validation-00000-of-00001.parquet': turnShard([turn]),
      'de/validation-00000-of-00001.parquet': turnShard([{ ...turn, id: 'de-1', language: 'de' }]),
    });
    const dataset = await openDataset('eot-bench');
    expect(dataset.ids).toEqual(['de-1', 'en-1']);
    const english = await openDataset('hf:livekit/eot-bench-data/en');
    expect([english.ids, english.info.language]).toEqual([['en-1'], 'en']);
    expect((await english.open('en-1')).userTurn).toEqual({
      id: 'en-1',
      language: 'en',
      durationS: 6,
      silenceSpans: [
        { startS: 1.5, endS: 1.9 },
        { startS: 5.5, endS: 6 },
      ],
      messages: [{ role: 'assistant', content: 'Hello?' }],
    });
    const samples = await samplesOf(english, 'en-1');
    expect([samples[1][0], Math.max(...samples[2])]).toEqual([7 / 32768, 0]);
  });
});

describe('a folder of parquet shards', () => {
  const open = (tree: Record<string, Uint8Array | object>) => openDataset(writeTree(join(folder(), 'local'), tree));

  it('is the same data set as on the hub', async () => {
    await start(SHARDS);
    const remote = await openDataset('hf:a/talks');
    const local = await open(SHARDS);
    expect(local.ids).toEqual(remote.ids);
    for (const id of local.ids) {
      const [{ audio: _, ...here }, { audio: __, ...there }] = [await local.open(id), await remote.open(id)];
      expect(here).toEqual(there);
      const [a, b] = [await samplesOf(local, id), await samplesOf(remote, id)];
      expect([firstDifference(a[1], b[1]), firstDifference(a[2], b[2])]).toEqual([-1, -1]);
    }
  });

  it('may have compressed audio, which is unpacked', async () => {
    const plain = await open({ 'plain.parquet': conversationShard(tinyRows('1', '2')) });
    const packed = await openDataset(
      writeTree(join(folder(), 'packed'), {
        'packed.parquet': conversationShard(tinyRows('1', '2'), { audioCodec: 'SNAPPY' }),
      }),
    );
    const [a, b] = [await samplesOf(plain, '2'), await samplesOf(packed, '2')];
    expect([firstDifference(a[1], b[1]), firstDifference(a[2], b[2])]).toEqual([-1, -1]);
  });

  it('is another revision when an annotation moves', async () => {
    const rows = tinyRows('1');
    const moved = [{ ...rows[0]!, speaker_1_annotation_a: [{ start_s: 1, end_s: 2, label: 'Normal Turn', text: '' }] }];
    const before = await open({ 'a.parquet': conversationShard(rows) });
    const after = await open({ 'a.parquet': conversationShard(moved) });
    expect(after.info.revision).not.toBe(before.info.revision);
  });

  it('cannot be scored when its annotations were taken out', async () => {
    const blank = tinyRows('1', '2').map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, key.includes('annotation') ? [] : value])),
    ) as unknown as ConversationRow[];
    const dataset = await open({ 'dataset.json': { name: 'blank' }, 'a.parquet': conversationShard(blank) });
    expect((await dataset.open('1')).annotations).toBeUndefined();
    expect(dataset.warnings).toEqual(['its annotations are empty, as in a public test set: it can be run, not scored']);
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    ['no parquet', () => Buffer.from('PAR1 but not really PAR2'), /a.parquet: its footer cannot be read/],
    [
      'a shard that is cut off',
      () => conversationShard(tinyRows('1')).subarray(0, 30_000),
      /its footer cannot be read/,
    ],
    [
      'a length of audio that is too large',
      overlong,
      /a.parquet: damaged page at byte \d+: a value of 2147483647 bytes/,
    ],
    [
      'a damaged page of annotations',
      () => damagedAt('speaker_2_annotation_c'),
      /a.parquet: row group 1 cannot be read/,
    ],
    [
      'a damaged page of audio',
      () => damagedAt('speaker_1_audio'),
      /a.parquet: column speaker_1_audio: damaged page at/,
    ],
    [
      'compressed audio that is damaged',
      () => damagedAt('speaker_1_audio', 'SNAPPY', 200),
      /a.parquet: damaged page at byte \d+: it /,
    ],
    [
      'the same id twice',
      () => conversationShard([...tinyRows('1'), ...tinyRows('1')]),
      /1: several rows have this id/,
    ],
    [
      'channels of different length',
      () => conversationShard([{ ...tinyRows('1')[0]!, speaker_2_audio: { bytes: shorter(), path: '' } }]),
      /1\/speaker_1_audio has 48000 samples .* and 1\/speaker_2_audio has 100 samples/,
    ],
    [
      'audio that is none',
      () =>
        conversationShard([
          { ...tinyRows('1')[0]!, speaker_2_audio: { bytes: Buffer.from('ID3 and more bytes'), path: '' } },
        ]),
      /1\/speaker_2_audio: this is an MP3/,
    ],
    [
      'one channel',
      () => conversationShard([{ ...tinyRows('1')[0]!, speaker_2_audio: null }]),
      /1: the other channel of 1\/speaker_1_audio is missing/,
    ],
    [
      'a segment that ends before it starts',
      () =>
        conversationShard([
          {
            ...tinyRows('1')[0]!,
            speaker_1_annotation_b: [{ start_s: 2, end_s: 1, label: 'Normal Turn', text: null }],
          },
        ]),
      /a.parquet: 1\/annotations: speaker_1.b\[0\].end_s: ends at 1 s, before it starts at 2 s/,
    ],
    [
      'segments after the end',
      () =>
        conversationShard([
          {
            ...tinyRows('1')[0]!,
            speaker_1_annotation_b: [{ start_s: 2, end_s: 100, label: 'Normal Turn', text: null }],
          },
        ]),
      /a.parquet: 1: speaker 1, annotator b: 1 of 1 segments end after the conversation/,
    ],
    ['no rows', () => turnShard([]), /no rows in its parquet files/],
  ])('says what is wrong with %s', async (_, content, message) => {
    await expect(open({ 'dataset.json': { name: 'bad' }, 'a.parquet': content() })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it('takes one annotator at his word', async () => {
    const [row] = tinyRows('1');
    const bare = Object.fromEntries(Object.entries(row!).filter(([key]) => !key.includes('annotation')));
    const single = { ...bare, ...annotationsOf('a') } as unknown as ConversationRow;
    const dataset = await open({ 'a.parquet': conversationShard([single]) });
    expect((await dataset.open('1')).annotations?.[1].map(({ annotator }) => annotator)).toEqual(['a']);
  });
});

const shorter = (): Uint8Array => {
  const whole = Buffer.from(tinyAudio(2, '1').subarray(0, 44 + 200));
  whole.writeUInt32LE(36 + 200, 4);
  whole.writeUInt32LE(200, 40);
  return whole;
};

function overlong(): Uint8Array {
  const shard = Buffer.from(conversationShard(tinyRows('1')));
  shard.writeUInt32LE(0x7fff_ffff, shard.indexOf('RIFF') - 4);
  return shard;
}

/** @param bytes that are overwritten from so far behind the beginning of the first page of a column. */
function damagedAt(column: string, audioCodec: 'UNCOMPRESSED' | 'SNAPPY' = 'UNCOMPRESSED', behind = 0): Uint8Array {
  const shard = conversationShard(tinyRows('1'), { audioCodec });
  const { row_groups: groups } = parquetMetadata(shard.slice().buffer);
  const chunk = groups[0]!.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column);
  const start = Number(chunk!.meta_data!.data_page_offset) + behind;
  return shard.fill(0xff, start, start + 40);
}
