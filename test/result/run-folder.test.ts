import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunFolder, RunFolder, readConversationRows, readRunHeader } from '../../src/result/run-folder.js';
import type { ConversationRow } from '../../src/result/schema.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';
import { runHeader } from '../helpers/run-header.js';

const folder = temporaryFolder();
const AT = new Date('2026-03-01T09:05:07.123Z');
const HASH = 'abcdef0123456789';

async function create(model = 'energy-vad', dataset = 'mini'): Promise<RunFolder> {
  return RunFolder.create(join(folder(), 'results'), AT, model, dataset, HASH);
}

const failed = (id: string): ConversationRow => ({ conversation_id: id, status: 'failed', error: 'why', hint: null });

describe('a run folder', () => {
  it('is named after time, model, data set and specification', async () => {
    const run = await create();
    expect(run.name).toBe('2026-03-01T090507Z_energy-vad_mini_abcdef');
    expect(run.path).toBe(join(folder(), 'results', run.name));
    await run.close();
  });

  it.each([
    ['./models/My model.mjs', 'My-model'],
    ['@scope/turn-model', 'turn-model'],
    ['../../..', 'model'],
    ['tür.ts', 't-r'],
    ['smart-turn-v3.2', 'smart-turn-v3.2'],
  ])('takes no harm from what a model is called: %s', async (model, shown) => {
    const run = await create(model);
    expect(run.name).toBe(`2026-03-01T090507Z_${shown}_mini_abcdef`);
    expect(readdirSync(folder())).toEqual(['results']);
    await run.close();
  });

  it('never takes the place of another, also not in the same second', async () => {
    const first = await create();
    await first.write('predictions.json', 'mine');
    const [second, third] = [await create(), await create()];
    expect([second.name, third.name]).toEqual([`${first.name}-2`, `${first.name}-3`]);
    expect(readFileSync(join(first.path, 'predictions.json'), 'utf8')).toBe('mine');
    expect(readdirSync(second.path)).toEqual(['conversations.jsonl', 'run.lock']);
    for (const run of [first, second, third]) await run.close();
  });

  it('cannot be made where a file is in the way, and says so in words', async () => {
    writeFileSync(join(folder(), 'results'), 'a file');
    await expect(create()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^no run can be saved in '.*results': cannot create folder .*: something else is/),
      hint: 'choose another folder with --out',
    });
    expect(readFileSync(join(folder(), 'results'), 'utf8')).toBe('a file');
  });

  it('gives back header and rows', async () => {
    const run = await create();
    const header = runHeader({ run: run.name });
    await run.writeHeader({ ...header, status: 'running' });
    await run.append(failed('1'));
    await run.append(failed('2'));
    await run.writeHeader(header);
    await run.close();
    expect(isRunFolder(run.path)).toBe(true);
    expect(await readRunHeader(run.path)).toEqual(header);
    expect(await readConversationRows(run.path)).toEqual([failed('1'), failed('2')]);
    expect(readdirSync(run.path)).toEqual(['conversations.jsonl', 'run.json']);
  });

  it('has a row as soon as it is appended, and loses none to a torn one behind it', async () => {
    const run = await create();
    await run.append(failed('1'));
    expect(await readConversationRows(run.path)).toEqual([failed('1')]);
    const file = join(run.path, 'conversations.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"conversation_id":"2","sta`);
    expect(await readConversationRows(run.path)).toEqual([failed('1')]);
    await run.close();
  });
});

describe('reading a run', () => {
  it('needs a header', () => {
    mkdirSync(join(folder(), 'empty'));
    expect(isRunFolder(join(folder(), 'empty'))).toBe(false);
    expect(isRunFolder(join(folder(), 'nowhere'))).toBe(false);
    expect(existsSync(join(folder(), 'nowhere'))).toBe(false);
  });

  it('names every key of a header that is of another version', async () => {
    writeFileSync(join(folder(), 'run.json'), JSON.stringify({ ...runHeader(), schema_version: 7, extra: 1 }));
    const error = await readRunHeader(folder()).catch((thrown) => thrown);
    expect(error.name).toBe('UserError');
    expect(error.message).toContain('run.json is not a run of this version:\n  - ');
    expect(error.message).toContain('schema_version');
    expect(error.message).toContain('extra');
  });

  it('names the row that is of another version', async () => {
    const rows = [failed('1'), { ...failed('2'), hint: 3 }];
    writeFileSync(join(folder(), 'conversations.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await expect(readConversationRows(folder())).rejects.toThrow(/conversations\.jsonl, row 2: hint: /);
  });
});
