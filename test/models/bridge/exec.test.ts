/** Programs that speak the protocol, and programs that do not. */

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DiscriminativeModel, ModelOptions } from '../../../src/core/model.js';
import { loadModel, modelCodeSha256 } from '../../../src/models/catalogue.js';
import { driveConversation } from '../../../src/stream/drive.js';
import { temporaryFolder, writeTree } from '../../helpers/dataset-folder.js';
import { memoryAudio, noise } from '../../helpers/samples.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/bridge', import.meta.url));
const audio = memoryAudio(8000, noise(8000 * 2.5, 1), noise(8000 * 2.5, 2));
const folder = temporaryFolder();
const opened: DiscriminativeModel[] = [];
let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    printed += String(piece);
    return true;
  });
});

afterEach(async () => {
  for (const model of opened.splice(0)) await model.close?.();
  vi.restoreAllMocks();
});

async function open(command: string, options: ModelOptions = {}, from = FIXTURES): Promise<DiscriminativeModel> {
  const model = await loadModel(`exec:${command}`, options, from);
  opened.push(model);
  return model;
}

/** How often the program has said hello. */
async function starts(times: number): Promise<void> {
  await vi.waitFor(() => expect(printed.split('hello').length - 1).toBe(times), { timeout: 20_000 });
}

describe('a program as a model', () => {
  it('answers as the built-in model whose rule it has, whatever the pieces in which it speaks', async () => {
    const reference = await loadModel('energy-vad', { rate: 8000 });
    const { tracks } = await driveConversation({ ...reference, stepBoth: undefined } as never, audio);
    for (const command of ['./loudness.mjs', './loudness.mjs odd-pieces']) {
      const model = await open(command);
      expect([model.inputSampleRate, model.defaultThreshold]).toEqual([8000, 0.5]);
      const got = (await driveConversation(model, audio)).tracks;
      for (const subject of [1, 2] as const) {
        const [track, expected] = [got[subject], tracks[subject]];
        if (track.kind !== 'probability' || expected.kind !== 'probability') throw new Error('no probabilities');
        expect(track.pFloor.length).toBe(125);
        // The program adds in another order.
        for (const [i, p] of track.pFloor.entries()) expect(p).toBeCloseTo(expected.pFloor[i]!, 12);
      }
    }
  });

  it('answers the same when every step is a message of its own', async () => {
    const model = await open('./loudness.mjs');
    const { tracks } = await driveConversation(model, audio);
    const timed = await driveConversation(model, audio, { timer: { nowMs: () => 0, onStep: () => {} } });
    expect(timed.tracks).toEqual(tracks);
  });

  it('is told its options and given its environment, and what it prints is for people', async () => {
    await open('./loudness.mjs', { taste: 0.5, 'env.TASTE': '0.50' });
    await vi.waitFor(() => expect(printed).not.toBe(''), { timeout: 20_000 });
    expect(printed).toBe('hello {"protocol":1,"options":{"taste":0.5},"sweep":false}\n');
  });

  it('may be found on PATH, have spaces in its path, and run in another folder', async () => {
    await open(`node ${join(FIXTURES, 'loudness.mjs')}`);
    writeTree(folder(), { 'my model.sh': `#!/bin/sh\nexec node ${join(FIXTURES, 'loudness.mjs')}\n`, 'sub/x': '' });
    chmodSync(join(folder(), 'my model.sh'), 0o755);
    await open('./my model.sh', {}, folder());
    await open('../my model.sh', { cwd: '..' }, join(folder(), 'sub'));
  });

  it('is recorded by the hash of the files of its command', async () => {
    writeTree(folder(), { a: 'x', b: 'y' });
    const hash = (command: string) => modelCodeSha256(`exec:${command}`, folder());
    expect(await hash('./a')).toBe('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
    expect(await hash('node ./a --flag')).toBe(await hash('./a'));
    expect(new Set([await hash('./a'), await hash('./b'), await hash('./a ./b')]).size).toBe(3);
    expect(await hash('ls')).toBe(null);
  });
});

describe('a program that fails', () => {
  it('is placed at the step that it could not answer, and is started again for the next conversation', async () => {
    const model = await open('./loudness.mjs fail');
    // Messages hold 1, 2, 4, 8 steps: the fourth fails after three answers.
    const failed = driveConversation(model, audio);
    await expect(failed).rejects.toThrow('step 10 (0.20 s), speaker 1 as subject: the model failed: out of ideas');
    await expect(failed).rejects.toMatchObject({ hint: 'feed it' });
    await starts(1);
    await expect(driveConversation(model, audio)).rejects.toThrow('out of ideas');
    await starts(2);
  });

  it('by crashing is reported with its signal and last words', async () => {
    const model = await open('./loudness.mjs die');
    const failed = driveConversation(model, audio);
    await expect(failed).rejects.toThrow('the process of model program loudness.mjs was killed by SIGABRT');
    await expect(failed).rejects.toMatchObject({ hint: expect.stringContaining('its last words: ') });
    await expect(driveConversation(model, audio)).rejects.toThrow('SIGABRT');
  });

  it('by hanging is given up, killed and started again', async () => {
    const model = await open('./loudness.mjs hang');
    const limit = { stepDeadlineS: 0.3 };
    await expect(driveConversation(model, audio, limit)).rejects.toThrow('no answer within 0.3 s');
    await expect(driveConversation(model, audio, limit)).rejects.toThrow('no answer within 0.3 s');
    await starts(2);
  });

  it('by answering more than it was asked breaks the protocol', async () => {
    await expect(driveConversation(await open('./loudness.mjs many'), audio)).rejects.toThrow(
      'broke the protocol: it answered 16 bytes of PROB where up to 1 answers of 8 bytes were due',
    );
  });
});

describe('what is no model program', () => {
  it.each([
    ['prints on its standard output', './loudness.mjs noise', 2, 'it sent "Loading weights, please wait'],
    ['ends at once', 'true', 2, 'the process of model program true ended with exit code 0'],
    ['is missing', './missing', 5, 'cannot be started: .*missing: there is no such program'],
    ['is not on PATH', 'surely-no-such-program', 5, 'there is no such program'],
    ['is not executable', './published/settings.json', 2, 'settings.json: it may not be executed'],
    ['is nothing', '', 2, 'exec: names no program'],
  ])('is refused: it %s', async (_, command, exitCode, message) => {
    const refused = loadModel(`exec:${command}`, {}, FIXTURES);
    await expect(refused).rejects.toThrow(new RegExp(message));
    await expect(refused).rejects.toMatchObject({ name: 'UserError', exitCode });
  });

  it('or is a script without a first line that says what runs it', async () => {
    writeTree(folder(), { 'model.js': 'const fs = require("node:fs");' });
    chmodSync(join(folder(), 'model.js'), 0o755);
    const refused = loadModel('exec:./model.js', {}, folder());
    await expect(refused).rejects.toThrow('the process of model program model.js ended with exit code 2');
    await expect(refused).rejects.toMatchObject({ hint: expect.stringMatching(/^its last words: .*model\.js/) });
  });

  it('or never introduces itself', async () => {
    await expect(loadModel('exec:sleep 60', { load_deadline_s: 0.2 })).rejects.toThrow(
      'model program sleep was not ready within 0.2 s',
    );
  });

  it('and wrong options are all named', async () => {
    const options = { cwd: 'nowhere', load_deadline_s: 'long', 'env.': 'x' };
    const refused = loadModel('exec:./loudness.mjs', options, FIXTURES);
    await expect(refused).rejects.toThrow(/3 problems\n.*no folder .*nowhere\n.*load_deadline_s must be.*\n.*names no/);
  });
});
