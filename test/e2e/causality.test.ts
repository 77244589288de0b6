import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
  writeTree(place.folder, {
    'honest.mjs': modelSource(LOUDNESS),
    // What it heard in one pass makes it louder in the next: reset forgets nothing.
    'forgetful.mjs': modelSource('memory += Math.abs(subject[7]); return { pFloor: memory / (1 + memory) };').replace(
      'let state',
      'let memory = 0;\n  let state',
    ),
    // The samples of a step lie among those of the next ones, which a model must not look at.
    'peeking.mjs': modelSource(`
      const next = new Float32Array(subject.buffer)[subject.byteOffset / 4 + subject.length];
      return Math.abs(next) > 0.01 ? 1 : 0;
    `),
  });
});

async function check(model: string, ...args: string[]) {
  return place.run(['check-causality', '-m', model, '-d', 'tiny', ...args]);
}

describe('turnbench check-causality', () => {
  it('accepts a model that knows only the past', async () => {
    expect(await check('./honest.mjs', '--cuts', '5')).toEqual({
      code: 0,
      stdout: 'ok: conversation 1: 5 futures changed, no decision before them moved\n',
      stderr: '',
    });
    const { code, stdout } = await check('energy-vad', '--cuts', '2', '--ids', '2,1', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ causal: true, conversations: [{ id: '1', steps: 300 }, { id: '2' }] });
  });

  it('finds a model that looks ahead, and exits as a failed gate', async () => {
    const { code, stdout, stderr } = await check('./peeking.mjs');
    expect([code, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(
      /^not causal: conversation 1, speaker [12] as subject, step \d+ \(\d\.\d\d s\): [01] became [01] when everything from \d\.\d\d s on was replaced\n$/,
    );
  });

  it('finds a model whose reset forgets nothing', async () => {
    const { code, stdout, stderr } = await check('./forgetful.mjs');
    expect([code, stderr]).toEqual([3, '']);
    // The first sound of speaker 1 is at 0.5 s: until then nothing can differ but the memory.
    expect(stdout).toMatch(
      /^not repeatable: conversation 1, speaker 1 as subject, step 0 \(0\.02 s\): the same conversation, run again: P 0 became P 0\.\d+\. Does reset\(\) forget everything\?\n$/,
    );
  });
});
