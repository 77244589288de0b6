import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { atomicWrite, makeFolder } from '../../src/io/atomic-write.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('atomicWrite', () => {
  it('writes text, bytes and pieces, and replaces what was there', async () => {
    const path = join(folder, 'a.txt');
    await atomicWrite(path, 'grün');
    expect(readFileSync(path, 'utf8')).toBe('grün');
    await atomicWrite(path, new Uint8Array([1, 2, 3]));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    await atomicWrite(path, ['one ', Buffer.from('two')]);
    expect(readFileSync(path, 'utf8')).toBe('one two');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it.runIf(process.platform !== 'win32')('writes to what is no file, and does not replace it', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const read = readFile(pipe, 'utf8');
    await atomicWrite(pipe, 'through');
    expect(await read).toBe('through');
    expect(statSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  it('leaves the old file alone, and nothing else, when the data fail at any piece', async () => {
    const path = join(folder, 'a.txt');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), fc.option(fc.string(), { nil: undefined }), async (pieces, old) => {
        rmSync(path, { force: true });
        if (old !== undefined) writeFileSync(path, old);
        async function* failing() {
          yield* pieces;
          throw new Error('the source dried up');
        }

        await expect(atomicWrite(path, failing())).rejects.toThrow('the source dried up');

        expect(readdirSync(folder)).toEqual(old === undefined ? [] : ['a.txt']);
        if (old !== undefined) expect(readFileSync(path, 'utf8')).toBe(old);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves nothing behind when the name is taken by a folder', async () => {
    mkdirSync(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(atomicWrite(join(folder, 'taken'), 'x')).rejects.toThrow(UserError);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it.skipIf(process.platform === 'win32')('writes into a pipe, which stays one', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const [text] = await Promise.all([readFile(path, 'utf8'), atomicWrite(path, 'through')]);
    expect(text).toBe('through');
    expect(statSync(path).isFIFO()).toBe(true);
  });

  it('says which path cannot be written and why', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(atomicWrite(join(folder, 'file', 'a.txt'), 'x')).rejects.toThrow(
      `cannot write ${join(folder, 'file', 'a.txt')}: a part of the path is a file, not a folder`,
    );
    await expect(atomicWrite(join(folder, 'none', 'a.txt'), 'x')).rejects.toThrow('no such file or folder');
  });
});

describe('makeFolder', () => {
  it('creates all folders on the way and does not mind those that exist', async () => {
    await makeFolder(join(folder, 'a', 'b'));
    await makeFolder(join(folder, 'a', 'b'));
    expect(readdirSync(join(folder, 'a'))).toEqual(['b']);
  });

  it('fails with a message when a file is in the way', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file', 'b', 'c'))).rejects.toThrow('a part of the path is a file');
    await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('something else is already there');
  });

  it.runIf(existsSync('/proc'))('comes back where no folder can ever be made', async () => {
    await expect(makeFolder('/proc/turnbench/results')).rejects.toThrow('cannot create folder');
  });
});
