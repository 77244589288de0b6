import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, runFolders, withoutTiming, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { tinyTrack } from '../helpers/tiny-world.js';
import { COMMIT, type DatasetHub, startDatasetHub } from '../hub/server.js';
import { conversationShard, tinyAudio, tinyRows } from '../hub/shards.js';

const { folder, inside, run: start } = workplace();
const IDS = ['1', '2', '3', '10'];
const TOKEN = 'hf_notasecret';
const SHARDS = {
  'data/dev-00000-of-00002.parquet': conversationShard(tinyRows('1', '10')),
  'data/dev-00001-of-00002.parquet': conversationShard(tinyRows('2', '3'), { audioCodec: 'SNAPPY' }),
};

let hub: DatasetHub;
const environment = () => ({ HF_ENDPOINT: hub.endpoint, HF_TOKEN: TOKEN, HF_HOME: folder });
const at = (...args: string[]) => inside(args, environment());

beforeAll(async () => {
  hub = await startDatasetHub({ 'a/talks': SHARDS }, { token: TOKEN, redirect: true });
  writeTree(join(folder, 'shards'), { ...SHARDS, 'dataset.json': { name: 'talks' } });
  const tracks = (speaker: 1 | 2) => ({ a: tinyTrack(speaker), b: tinyTrack(speaker), c: tinyTrack(speaker) });
  const files = IDS.flatMap((id) => [
    [`${id}/speaker_1_audio.wav`, tinyAudio(1, id)],
    [`${id}/speaker_2_audio.wav`, tinyAudio(2, id)],
    [`${id}/annotations.json`, { speaker_1: tracks(1), speaker_2: tracks(2) }],
    [`${id}/metadata.json`, { conversation_type: Number(id) % 2 === 1 ? 'odd' : 'even' }],
  ]);
  writeTree(join(folder, 'folders'), { 'dataset.json': { name: 'talks' }, ...Object.fromEntries(files) });
});

afterAll(() => hub.close());

describe('a data set of the hub at the command line', () => {
  it('is pulled, described, run in worker processes and scored, all from its name', async () => {
    const pulled = await at('datasets', 'pull', 'hf:a/talks', '--json');
    expect([pulled.code, JSON.parse(pulled.stdout)]).toEqual([
      0,
      expect.objectContaining({ repository: 'a/talks', revision: COMMIT, files: 2 }),
    ]);
    expect(pulled.stderr).toContain(`a/talks at ${COMMIT}: 2 files`);
    const info = await at('datasets', 'info', 'hf:a/talks');
    expect(info.stdout).toContain(`talks ${COMMIT.slice(0, 12)} (revision ${COMMIT}) · 4 conversations`);
    const evaluated = [
      'eval',
      '-m',
      'energy-vad',
      '-d',
      'hf:a/talks',
      '--no-sweep',
      '-j',
      '2',
      '--out',
      'pulled',
      '-q',
    ];
    const run = await start(evaluated, environment());
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    expect(onlyRun(join(folder, 'pulled')).header.spec.dataset).toMatchObject({ revision: COMMIT, ids: IDS });
  });

  it('scores the same from the hub, from a folder of shards and from folders of files', async () => {
    const sources = [`hf:a/talks@${COMMIT}`, 'shards', 'folders'];
    for (const source of sources) {
      const evaluated = ['eval', '-m', 'energy-vad', '-d', source, '-j', '1', '--out', 'runs', '-q', '--fresh'];
      expect(await at(...evaluated)).toMatchObject({ code: 0 });
    }
    const runs = runFolders(join(folder, 'runs'));
    expect(runs).toHaveLength(3);
    const [first, second, third] = runs.map((run) =>
      withoutTiming(run).map((row) => ({ ...(row as object), tags: 0 })),
    );
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const predictions = join(runs[0]!.path, 'predictions.json');
    const scores: unknown[] = [];
    for (const source of sources)
      scores.push(JSON.parse((await at('score', predictions, '-d', source, '--json')).stdout));
    expect(scores[1]).toEqual(scores[0]);
    expect(scores[2]).toEqual(scores[0]);
  });

  it('says without a token which page to open and which variable to set', async () => {
    const { code, stderr } = await inside(['gold', 'stats', '-d', 'hf:a/talks'], { ...environment(), HF_TOKEN: '' });
    expect(code).toBe(5);
    expect(stderr).toContain(`${hub.endpoint}/datasets/a/talks answered 401: it is gated, private or gone`);
    expect(stderr).toContain('then set HF_TOKEN');
  });
});

describe('splits at the command line', () => {
  it('divides a data set so that every command works on a part', async () => {
    const made = await at(
      'datasets',
      'split',
      '-d',
      'shards',
      '--dev',
      '0.5',
      '--seed',
      '3',
      '--out',
      'splits',
      '--json',
    );
    const { dev, test, files } = JSON.parse(made.stdout);
    expect([made.code, [...dev, ...test].sort()]).toEqual([0, [...IDS].sort()]);
    const predictions = join(runFolders(join(folder, 'runs'))[0]!.path, 'predictions.json');
    const part = await at('score', predictions, '-d', 'shards', '--split', files.dev, '--json');
    expect(Object.keys(JSON.parse(part.stdout).conversations).sort()).toEqual([...dev].sort());
    const gold = await at('gold', 'stats', '-d', 'shards', '--split', files.test, '--json');
    expect(Object.keys(JSON.parse(gold.stdout).conversations).sort()).toEqual([...test].sort());
    const planned = await at('eval', '-m', 'energy-vad', '-d', 'shards', '--split', files.dev, '--dry-run', '--json');
    expect(JSON.parse(planned.stdout).plans[0].dataset.ids).toEqual(dev);
  });

  it('says which line of a split is not of this data set', async () => {
    writeFileSync(join(folder, 'other.txt'), '1\n99\n');
    const { code, stderr } = await at('gold', 'stats', '-d', 'shards', '--split', 'other.txt');
    expect([code, stderr]).toEqual([2, expect.stringContaining("other.txt:2: unknown conversation '99'")]);
  });
});
