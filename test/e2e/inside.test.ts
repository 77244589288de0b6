/** Tests that run commands within their own process stand for the binary because the two answer alike. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
  writeTree(join(place.folder, 'broken'), { ...tinyDataset('1'), '1/speaker_2_audio.wav': undefined });
  writeTree(place.folder, {
    'predictions.json': { schema_version: 1, predictions: [] },
    'failing.mjs': modelSource('return 2'),
    'no-model.mjs': 'export const answer = 42;',
    'rejecting.mjs': 'export async function loadModel() { await null; throw new Error("no weights"); }',
  });
});

describe('the binary', () => {
  it.each<[number, string[]]>([
    [0, ['--version']],
    [0, ['eval', '--help']],
    [0, ['gold', 'export', '-d', 'tiny']],
    [0, ['eval', '-m', 'energy-vad', '-d', 'tiny', '--dry-run', '--json']],
    [2, []],
    [2, ['foo']],
    [2, ['eval', '--treshold', '1']],
    [2, ['eval', '-m', 'energy-vad', '-d', 'broken']],
    [2, ['eval', '-m', './no-model.mjs', '-d', 'tiny']],
    [2, ['eval', '-m', './rejecting.mjs', '-d', 'tiny']],
    [2, ['score', 'predictions.json', '-d', 'tiny']],
    [4, ['eval', '-m', './failing.mjs', '-d', 'tiny']],
  ])('answers as its commands do within a process: %i %j', async (code, args) => {
    const [outside, inside] = [await place.run(args), await place.inside(args)];
    expect(timeless(outside)).toEqual(timeless(inside));
    expect(outside.code).toBe(code);
    expect(outside.stdout === '').toBe(code === 2);
    expect(outside.stderr).not.toContain('    at ');
  });

  it('prints the help of a command for `help` as for `--help`', async () => {
    expect(await place.run(['help', 'sweep'])).toEqual(await place.inside(['sweep', '--help']));
  });

  it('keeps what a model prints out of the product', async () => {
    writeTree(place.folder, { 'chatty.mjs': modelSource('return 0', 'reset() { console.log("hello"); },') });
    const { code, stdout, stderr } = await place.run([
      'eval',
      '-m',
      './chatty.mjs',
      '-d',
      'tiny',
      '-n',
      '1',
      '--json',
      '-q',
    ]);
    expect([code, stderr]).toEqual([0, 'hello\nhello\n']);
    expect(JSON.parse(stdout).runs[0].status).toBe('success');
  });

  it('ends with 0 when its reader has seen enough', async () => {
    const started = place.start(['schema', 'run']);
    started.hangUp();
    const { code, stderr } = await started.outcome;
    expect([code, stderr]).toEqual([0, '']);
  });
});

function timeless({ code, stdout, stderr }: Outcome): Outcome {
  const clear = (text: string) => text.replaceAll(/results\/\S+Z_/g, 'results/').replaceAll(/-\d+\/report/g, '/report');
  return { code, stdout: clear(stdout), stderr: clear(stderr) };
}
