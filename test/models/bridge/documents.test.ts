/** The models printed in the documents do what is said there. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel } from '../../../src/core/model.js';
import { eventsOf } from '../../../src/decide/floor.js';
import { loadModel } from '../../../src/models/catalogue.js';
import { driveConversation } from '../../../src/stream/drive.js';
import { temporaryFolder, writeTree } from '../../helpers/dataset-folder.js';
import { PYTHON } from '../../helpers/python.js';
import { memoryAudio } from '../../helpers/samples.js';

const COMPILER = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
if (!COMPILER) console.warn('note: no C compiler here: the C model of the documents is left out');

const folder = temporaryFolder();

/** The only code block of that language. */
function block(document: string, language: string): string {
  const text = readFileSync(new URL(`../../../docs/${document}`, import.meta.url), 'utf8');
  const [found, ...others] = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  expect(others).toEqual([]);
  return found?.[1] ?? '';
}

/** Speaker 1 sounds from 0.5 to 1 s and from 1.4 to 2 s, of three seconds. */
const sound = Float32Array.from({ length: 3 * 16_000 }, (_, i) => {
  const sounds = (i >= 8_000 && i < 16_000) || (i >= 22_400 && i < 32_000);
  return sounds ? 0.3 * Math.sin(i / 10) : 0;
});
const audio = memoryAudio(16_000, sound, new Float32Array(sound.length));

async function eventsBy(model: DiscriminativeModel) {
  try {
    const { tracks } = await driveConversation(model, audio);
    return [tracks[1], tracks[2]].map((track) => (track.kind === 'bit' ? eventsOf(track.floor) : track.kind));
  } finally {
    await model.close?.();
  }
}

const NOTHING = { int: [], eot: [] };

describe.runIf(PYTHON)('the model of docs/python.md', () => {
  it('holds the floor 0.28 s longer than there is sound', async () => {
    writeTree(folder(), { 'predict.py': block('python.md', 'python') });
    const model = await loadModel('python:predict.py', {}, folder(), { python: PYTHON });
    expect(await eventsBy(model)).toEqual([{ int: [0.52, 1.42], eot: [1.3, 2.3] }, NOTHING]);
  });
});

describe.runIf(COMPILER)('the model of docs/other-languages.md', () => {
  it('compiles without a warning and holds the floor while there is sound', async () => {
    writeTree(folder(), { 'model.c': block('other-languages.md', 'c') });
    const args = ['-Wall', '-Wextra', '-o', join(folder(), 'my-binary'), join(folder(), 'model.c')];
    expect(spawnSync(COMPILER!, args, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const model = await loadModel('exec:./my-binary', {}, folder());
    expect(await eventsBy(model)).toEqual([{ int: [0.52, 1.42], eot: [1.02, 2.02] }, NOTHING]);
  });
});
