import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { materializeMini } from '../../src/dataset/mini.js';

// A package whose bank was damaged: what comes out is not what was committed.
vi.mock('../../src/dataset/mini-assemble.js', async (original) => ({
  ...(await original<object>()),
  assembleMini: async (folder: string) => {
    await mkdir(folder);
    await writeFile(join(folder, 'dataset.json'), '{}');
  },
}));

let cache = '';

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'mini-'));
});

afterAll(() => rm(cache, { recursive: true }));

it('refuses data that differ from the committed hashes, and leaves nothing of them behind', async () => {
  const failure = await materializeMini(cache).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(UserError);
  expect(failure).toMatchObject({ hint: expect.stringContaining('install turnbench again') });
  expect((failure as UserError).message).toMatch(/wrong: \d+ files, such as \S+$/);
  expect(await readdir(cache)).toEqual([]);
});
