import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Text } from '../../src/io/hash.js';
import { KeptFiles } from '../../src/io/kept-files.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();
const key = (name: string) => sha256Text(name);
const bytes = (text: string) => new TextEncoder().encode(text);

describe('kept files', () => {
  it('are given back whole, and not there before they are put', async () => {
    const kept = new KeptFiles(folder());
    expect(await kept.get(key('a'))).toBeUndefined();
    await kept.put(key('a'), [bytes('one '), bytes('two')]);
    expect(Buffer.from((await kept.get(key('a')))!).toString()).toBe('one two');
    expect(await kept.get(key('b'))).toBeUndefined();
  });

  it.each([
    ['torn', (content: Buffer) => content.subarray(0, -1)],
    ['changed in one bit', (content: Buffer) => Buffer.from(content).fill(content.at(-1)! ^ 1, content.length - 1)],
    ['empty', () => Buffer.alloc(0)],
  ])('are not believed when they are %s', async (_, damage) => {
    const kept = new KeptFiles(folder());
    await kept.put(key('a'), [bytes('content')]);
    const [{ path } = { path: '' }] = await kept.list();
    writeFileSync(path, damage(readFileSync(path)));
    expect(await kept.get(key('a'))).toBeUndefined();
    expect(await kept.list()).toEqual([]);
  });

  it('go when there are too many, those first that were not used for the longest time', async () => {
    const kept = new KeptFiles(folder());
    for (const name of ['a', 'b', 'c']) await kept.put(key(name), [bytes('0123456789')]);
    for (const [i, { path }] of (await kept.list()).entries()) utimesSync(path, 1000 + i, 1000 + i);
    const oldest = (await kept.list())[0]!.path;
    const [used] = ['a', 'b', 'c'].filter((name) => oldest.includes(key(name)));
    await kept.get(key(used!));
    expect(await kept.trim(2 * 74)).toBe(74);
    expect(await kept.get(key(used!))).toBeDefined();
    expect(await kept.list()).toHaveLength(2);
  });

  it('keep nothing where nothing can be written, without a word', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    const kept = new KeptFiles(path);
    await kept.put(key('a'), [bytes('content')]);
    expect(await kept.get(key('a'))).toBeUndefined();
    expect(readdirSync(folder())).toEqual(['file']);
  });
});
