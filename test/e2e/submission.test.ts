/** What is submitted: folders of predictions checked and ranked, beside runs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
let run: RunFiles;

/** Events of speaker 1, the same in each conversation of the tiny data set; speaker 2 is silent. */
function predictions(eot: readonly number[], interruption: readonly number[], ids = ['1', '2']): object {
  const silent = { eot: [], interruption: [] };
  return {
    schema_version: 1,
    predictions: ids.map((id) => ({ conversation_id: id, speaker_1: { eot, interruption }, speaker_2: silent })),
  };
}

function probabilities(task: string, frames: number): object {
  const prob = new Array<number>(frames).fill(0.5);
  const entries = ['1', '2'].map((id) => ({ conversation_id: id, speaker_1: { prob }, speaker_2: { prob } }));
  return { schema_version: 1, task, frame_rate_hz: 50, probs: entries };
}

beforeAll(async () => {
  const ready = predictions([2.6, 5.6], [4.1]);
  writeTree(place.folder, {
    ...Object.fromEntries(Object.entries(tinyDataset('1', '2')).map(([path, file]) => [`tiny/${path}`, file])),
    ...Object.fromEntries(Object.entries(tinyDataset('1')).map(([path, file]) => [`other/${path}`, file])),
    'loud.mjs': modelSource(LOUDNESS),
    'entries/good/predictions-test.json': ready,
    'entries/eot-only/predictions.json': predictions([2.6], []),
    // Once in the pause, which is wrong, and an interruption that is neither due nor wrong.
    'entries/spam/predictions-test.json': predictions([1.6, 2.6, 5.6], [1.1]),
    'entries/spam/predictions-dev.json': predictions([], []),
    'entries/notes.txt': 'no entry',
    'ready/predictions-dev.json': ready,
    'ready/predictions-test.json': ready,
    'ready/probs-eot.json': probabilities('eot', 300),
    'ready/probs-int.json': probabilities('int', 300),
    'plain/predictions-dev.json': ready,
    'plain/predictions-test.json': ready,
    'wrong/predictions-dev.json': predictions([2.6, 6.5], []),
    'wrong/probs-eot.json': probabilities('int', 300),
    'wrong/probs-int.json': probabilities('int', 299),
    'durations.json': { revision: 'abc', durations: { 1: 6, 2: 6 } },
    'no-durations.json': { durations: { 1: 'six' } },
  });
  const { code } = await place.inside([
    'eval',
    '-q',
    '-m',
    './loud.mjs',
    '-d',
    'tiny',
    '--threshold',
    '0.5',
    '--no-sweep',
  ]);
  expect(code).toBe(0);
  run = onlyRun(join(place.folder, 'results'));
});

const TINY = ['--dev', 'tiny', '--test', 'tiny'];

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.inside(args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.inside(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).not.toContain('    at ');
  return stderr;
}

describe('turnbench submit-check', () => {
  it('finds a whole submission ready, by data sets or by durations alone', async () => {
    const text = await ok('submit-check', 'ready', ...TINY);
    expect(text).toBe(
      '✓ predictions-dev.json\n✓ predictions-test.json\n✓ probs-eot.json\n✓ probs-int.json\n\n' +
        'all files are valid: ready to submit\n',
    );
    expect(await ok('submit-check', 'ready', '--dev', 'durations.json', '--test', 'durations.json')).toBe(text);
  });

  it('accepts a model without probabilities, and says what was left out', async () => {
    const { ok: isOk, files } = JSON.parse(await ok('submit-check', 'plain', ...TINY, '--json'));
    expect(isOk).toBe(true);
    expect(files.map(({ status }: { status: string }) => status)).toEqual(['valid', 'valid', 'absent', 'absent']);
  });

  it('judges every file by itself, and exits with 2', async () => {
    const { code, stdout } = await place.inside(['submit-check', 'wrong', ...TINY]);
    expect(code).toBe(2);
    expect(stdout).toContain(
      "predictions[0].speaker_1.eot[1] (conversation '1'): 6.5 s lies behind the end of the audio",
    );
    expect(stdout).toContain('✗ predictions-test.json: missing; it is required');
    expect(stdout).toContain("✓ probs-eot.json: the public checker accepts it, but its task is 'int'");
    expect(stdout).toContain("probs[0].speaker_1.prob (conversation '1'): 299 values, expected 300");
    expect(stdout).toContain('\nnot ready to submit\n');
  });

  it('says what is wrong with its arguments', async () => {
    expect(await refused('submit-check', 'nowhere', ...TINY)).toContain('there is no folder nowhere');
    expect(await refused('submit-check', 'ready', '--dev', 'no-durations.json')).toContain('not a file of durations');
    expect(await refused('submit-check', 'ready', '--dev', 'no-such-set')).toContain("'no-such-set'");
  });
});

describe('turnbench report --leaderboard', () => {
  it('ranks folders of predictions beside runs, by the public rule', async () => {
    const board = JSON.parse(
      await ok('report', '--leaderboard', 'entries', run.path, './entries', '-d', 'tiny', '--split', 'test', '--json'),
    );
    expect(board).toMatchObject({ split: 'test', dataset: 'tiny', fp_budget: 0.1, test_fp_bound: 0.15 });
    const places = board.models.map(({ model, eot, int }: Record<string, { rank: number; recall: number }>) => [
      ...[model, eot!.rank, int!.rank],
    ]);
    // loud.mjs fires in the pause and in the backchannel; good finds 2 of 3 ends of turn, eot-only 1, spam 2 and the pause.
    expect(places).toEqual([
      ['good', 1, 1],
      ['eot-only', 2, null],
      ['./loud.mjs', null, null],
      ['spam', null, 2],
    ]);
    const byName = Object.fromEntries(board.models.map((each: { model: string }) => [each.model, each]));
    expect(byName.good.eot).toMatchObject({ recall: 0.666667, fp_rate: 0, qualifies: true });
    expect(byName.good.int).toMatchObject({ recall: 1, fp_rate: 0, latency_ms: { p50: 100 } });
    expect(byName['eot-only'].int).toMatchObject({ recall: null, fp_rate: null, rank: null, qualifies: null });
    expect(byName.spam.eot).toMatchObject({ recall: 0.666667, fp_rate: 1, rank: null, qualifies: false });
  });

  it('reads the predictions of the split that is asked for', async () => {
    const board = JSON.parse(await ok('report', '--leaderboard', 'entries', '-d', 'tiny', '--split', 'dev', '--json'));
    // good has predictions of the test split only.
    expect(board.models.map(({ model }: { model: string }) => model)).toEqual(['eot-only', 'spam']);
    expect(board.models[1].eot.recall).toBeNull();
  });

  it('needs no data set for runs, and writes tables for people', async () => {
    const text = await ok('report', '--leaderboard', run.path, '--md', 'out/board.md', '--html', 'out/board.html');
    expect(text).toMatch(/^Leaderboard: tiny \(dev\)$/m);
    expect(text).toMatch(/^\.\/loud\.mjs +over +1\.000 +1\.000/m);
    const read = (name: string) => readFileSync(join(place.folder, 'out', name), 'utf8');
    expect(read('board.md')).toMatch(/^\| over \| \.\/loud\.mjs \| 1\.000 \|/m);
    expect(read('board.html')).toContain('<td class="left">./loud.mjs</td>');
    expect(read('board.html')).not.toMatch(/<script|src=|href=/);
  });

  it('refuses what cannot be ranked', async () => {
    expect(await refused('report', '--leaderboard', 'entries')).toContain('name its data set with -d');
    expect(await refused('report', '--leaderboard', 'tiny', '-d', 'tiny')).toContain('has no entry of a leaderboard');
    expect(await refused('report', '--leaderboard', 'nowhere')).toContain('there is no nowhere');
    expect(await refused('report', '--leaderboard', run.path, '-d', 'other')).toContain('on other conversations');
    expect(await refused('report', '--leaderboard', 'wrong/predictions-dev.json', '-d', 'tiny')).toContain(
      '6.5 s lies',
    );
    expect(await refused('report', run.path, '--split', 'dev', '--md', 'x.md')).toContain('--leaderboard');
  });
});
