import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/dataset/catalogue.js';
import { pullHub } from '../../src/dataset/hub-files.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';
import { tinyTrack } from '../helpers/tiny-world.js';
import { COMMIT, type DatasetHub, type HubFaults, startDatasetHub } from '../hub/server.js';
import { conversationShard, tinyAudio, tinyRows } from '../hub/shards.js';

const folder = temporaryFolder();
let hub: DatasetHub | undefined;

beforeEach(() => vi.stubEnv('TURNBENCH_CACHE', join(folder(), 'cache')));

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub?.close();
});

const SHARDS = {
  'README.md': Buffer.from('not needed'),
  'data/a.parquet': conversationShard(tinyRows('1', '2')),
  'data/b.parquet': conversationShard(tinyRows('3')),
};

async function start(files: Readonly<Record<string, Uint8Array>>, faults: HubFaults = {}): Promise<DatasetHub> {
  hub = await startDatasetHub({ 'a/talks': files }, faults);
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HF_TOKEN', '');
  vi.stubEnv('HF_HOME', folder());
  return hub;
}

const ofFiles = ({ requests }: DatasetHub) => requests.filter(({ path }) => path.includes('/resolve/'));

describe('pullHub', () => {
  it('fetches all shards, tells how far it is, and fetches nothing twice', async () => {
    const each = await start(SHARDS, { redirect: true });
    const progress: number[] = [];
    const pulled = await pullHub('hf:a/talks', { onProgress: (bytes) => progress.push(bytes) });
    const bytes = SHARDS['data/a.parquet'].length + SHARDS['data/b.parquet'].length;
    expect(pulled).toMatchObject({ files: 2, bytes, dataset: { commit: COMMIT } });
    expect(readFileSync(join(pulled.folder, 'data/a.parquet')).equals(SHARDS['data/a.parquet'])).toBe(true);
    expect(progress.at(-1)).toBe(bytes);
    each.requests.length = 0;
    await pullHub(`hf:a/talks@${COMMIT}`);
    expect((await openDataset(`hf:a/talks@${COMMIT}`)).ids).toEqual(['1', '2', '3']);
    expect(each.requests).toEqual([]);
  });

  it('goes on where an interrupted command stopped', async () => {
    const each = await start({ 'a.parquet': SHARDS['data/a.parquet'] });
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('stop'));
    await expect(pullHub('hf:a/talks', { signal: controller.signal, onProgress })).rejects.toThrow('stop');
    each.requests.length = 0;
    const { folder: at } = await pullHub('hf:a/talks');
    expect(ofFiles(each)[0]?.range?.[0]).toBeGreaterThan(0);
    expect(readFileSync(join(at, 'a.parquet')).equals(SHARDS['data/a.parquet'])).toBe(true);
  });

  it('keeps nothing that has another checksum', async () => {
    await start(SHARDS, { damage: true });
    await expect(pullHub('hf:a/talks')).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining('is not what was announced'),
    });
    const kept = readdirSync(join(folder(), 'cache'), { recursive: true, encoding: 'utf8' });
    expect(kept.filter((file) => file.endsWith('.parquet'))).toEqual([]);
  });

  it('finds files that were damaged on this disk when it is told to look', async () => {
    await start(SHARDS);
    const { folder: at } = await pullHub('hf:a/talks');
    const path = join(at, 'data/b.parquet');
    writeFileSync(path, readFileSync(path).fill(0, 100, 110));
    await pullHub('hf:a/talks');
    await expect(pullHub('hf:a/talks', { verify: true })).rejects.toThrow(/b.parquet is damaged/);
    truncateSync(path, 10);
    await pullHub('hf:a/talks');
    expect(readFileSync(path).equals(SHARDS['data/b.parquet'])).toBe(true);
  });

  it('says what a refusal means', async () => {
    const { endpoint } = await start(SHARDS, { token: 'hf_secret' });
    await expect(pullHub('hf:a/talks')).rejects.toMatchObject({
      exitCode: 5,
      message: `${endpoint}/datasets/a/talks answered 401: it is gated, private or gone`,
      hint: expect.stringContaining('HF_TOKEN'),
    });
  });

  it('stops when it is told to', async () => {
    await start(SHARDS);
    await expect(pullHub('hf:a/talks', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('a data set of folders', () => {
  const time = (s: number) => `00:00:0${Math.floor(s)},${String(Math.round((s % 1) * 1000)).padStart(3, '0')}`;
  const srt = (speaker: 1 | 2) =>
    Buffer.from(
      tinyTrack(speaker)
        .map(({ start_s, end_s, label }, i) => `${i + 1}\n${time(start_s)} --> ${time(end_s)}\n[${label}] so\n`)
        .join('\n'),
    );
  const FOLDERS = Object.fromEntries(
    ['12', '7'].flatMap((id) => [
      [`${id}/combined_audio.wav`, Buffer.from('the same audio once more')],
      [
        `${id}/metadata.json`,
        Buffer.from(JSON.stringify({ task_id: id, speaker_1_actor_id: 'x', conversation_type: 'Casual' })),
      ],
      ...([1, 2] as const).flatMap((speaker) => [
        [`${id}/speaker_${speaker}_audio.wav`, tinyAudio(speaker, id)],
        [`${id}/speaker_${speaker}_annotation_a.srt`, srt(speaker)],
      ]),
    ]),
  ) as Record<string, Uint8Array>;

  it('must be pulled, and is then read like any other; audio that is there twice is fetched once', async () => {
    const each = await start({ ...FOLDERS, 'metadata.json': Buffer.from('[]') });
    await expect(openDataset('hf:a/talks')).rejects.toMatchObject({
      exitCode: 5,
      hint: `turnbench datasets pull hf:a/talks@${COMMIT}`,
    });
    const { files, folder: at } = await pullHub('hf:a/talks');
    expect([files, existsSync(join(at, '7/combined_audio.wav'))]).toEqual([10, false]);
    each.requests.length = 0;
    const dataset = await openDataset(`hf:a/talks@${COMMIT}`);
    expect([dataset.ids, dataset.info.revision, dataset.info.name]).toEqual([['7', '12'], COMMIT, 'talks']);
    expect((await dataset.open('7')).annotations?.[1].map(({ annotator }) => annotator)).toEqual(['a']);
    expect(each.requests).toEqual([]);
  });

  it('checks small files by what git calls them', async () => {
    await start({ ...FOLDERS, 'README.md': Buffer.from('x') }, { damage: true });
    await expect(pullHub('hf:a/talks')).rejects.toThrow(/is not what was announced/);
  });
});

it('says that a repository holds no conversations', async () => {
  await start({ 'README.md': Buffer.from('x') });
  await expect(pullHub('hf:a/talks')).rejects.toThrow(/a\/talks has no parquet files and no conversations/);
  await expect(openDataset('hf:a/talks')).rejects.toThrow(/has no parquet files and no conversations/);
});
