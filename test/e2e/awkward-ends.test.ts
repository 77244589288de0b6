/** Ends of a command that are not its own doing: nobody reads, or something waited for never comes. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BINARY, onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '3'));
  writeTree(place.folder, {
    'stalled.mjs': 'export function loadModel() { return new Promise(() => {}); }',
    'stalled-module.mjs': 'await new Promise(() => {}); export function loadModel() {}',
    'sour.mjs': modelSource('return 0', "close() { throw new Error('socket gone'); },"),
  });
});

describe('a reader of the progress that hangs up', () => {
  it('does not end the run', async () => {
    const args = [BINARY, 'eval', '-m', 'never', '-d', 'tiny', '--no-sweep', '--out', 'unread'];
    const child = spawn(process.execPath, args, { cwd: place.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.destroy();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(onlyRun(join(place.folder, 'unread'))).toMatchObject({ header: { status: 'success' } });
  });
});

describe('a model', () => {
  it.each(['stalled', 'stalled-module'])('that never finishes loading is said to: %s', async (name) => {
    const { code, stdout, stderr } = await place.run(['eval', '-m', `./${name}.mjs`, '-d', 'tiny']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error: the command waits for something that never comes\nhint: most likely a promise');
  });

  it('that fails to close costs no number', async () => {
    const { code, stdout, stderr } = await place.run(['eval', '-m', './sour.mjs', '-d', 'tiny', '--out', 'closed']);
    expect(code).toBe(0);
    expect(stdout).toContain('./sour.mjs');
    expect(stderr).toContain('warning: the model ./sour.mjs did not close: socket gone\n');
    expect(onlyRun(join(place.folder, 'closed')).header.status).toBe('success');
  });
});
