import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSplit } from '../../src/dataset/split-file.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

function read(text: string, name = 'dev.txt') {
  writeFileSync(join(folder(), name), text);
  return readSplit(join(folder(), name), ['1', '2', '10']);
}

describe('readSplit', () => {
  it.each([
    ['an id per line', '10\n2\n'],
    ['Windows line ends, comments and empty lines', '# ours\r\n\r\n10\r\n 2 \r\n'],
    ['a JSON list of text and numbers', '["10", 2]'],
  ])('reads %s', async (_, text) => {
    expect([...(await read(text))]).toEqual(['10', '2']);
  });

  it.each([
    ['an id that is not in the data set', '1\n\n12\n', /dev.txt:3: unknown conversation '12'/],
    ['an id that comes twice', '1\n2\n1\n', /dev.txt:3: '1' is already in .*dev.txt:1/],
    ['no ids', '# none\n', /dev.txt: no ids in it/],
    ['JSON that is no list of ids', '[{"id": 1}]', /dev.txt: \[0\] is no id/],
  ])('refuses %s', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it('says that the file is not there', async () => {
    await expect(readSplit(join(folder(), 'none.txt'), [])).rejects.toThrow(/cannot read .*none.txt/);
  });
});
