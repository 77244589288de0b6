import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText } from '../../src/io/text.js';

describe('readText', () => {
  let path: string;
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'turnbench-')), 'text');
  });
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));

  const written = (content: string | Uint8Array) => {
    writeFileSync(path, content);
    return readText(path, 'text');
  };

  it('reads texts of any length, whichever letter lies across two of its pieces', async () => {
    expect(await written('')).toBe('');
    for (const before of [65_533, 65_534, 65_535, 65_536]) {
      const text = `${'x'.repeat(before)}😀ü${'y'.repeat(70_000)}`;
      expect((await written(text)) === text, `${before} bytes before`).toBe(true);
    }
  });

  it('drops a byte order mark, and only at the beginning', async () => {
    expect(await written('\ufeffa\ufeff')).toBe('a\ufeff');
    expect(await written('\ufeff')).toBe('');
  });

  it('refuses what is no UTF-8, also where the file ends within a letter', async () => {
    for (const bytes of [[0x61, 0xe9, 0x62], [0xff], [0x61, 0xf0, 0x9f, 0x98]]) {
      await expect(written(Uint8Array.from(bytes))).rejects.toThrow('text: not UTF-8 text');
    }
  });
});
