import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonLinesWriter, readJsonLines } from '../../src/io/jsonl.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
  path = join(folder, 'rows.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function append(...rows: object[]): Promise<void> {
  const writer = await JsonLinesWriter.open(path);
  await Promise.all(rows.map((row) => writer.append(row)));
  await writer.close();
}

describe('JSON lines', () => {
  it('are read back in the order in which they were appended, over several writers', async () => {
    await append({ id: '1', text: 'line\nbreak' }, { id: '2' });
    await append({ id: '3' });
    expect(await readJsonLines(path)).toEqual({
      rows: [{ id: '1', text: 'line\nbreak' }, { id: '2' }, { id: '3' }],
      torn: false,
    });
  });

  it('lose only the row that a crash tore off, and say so', async () => {
    await append({ id: '1' }, { id: '2' });
    const whole = readFileSync(path);
    const rowBytes = whole.length / 2;
    for (let length = rowBytes + 1; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await readJsonLines(path)).toEqual({ rows: [{ id: '1' }], torn: true });
    }
  });

  it('survive a row that was torn within a character', async () => {
    const whole = Buffer.from('{"id":"ä"}\n{"id":"ö"}');
    writeFileSync(path, whole.subarray(0, whole.length - 3));
    expect(await readJsonLines(path)).toEqual({ rows: [{ id: 'ä' }], torn: true });
  });

  it('go on after a torn row as if it had never been there', async () => {
    await append({ id: '1' });
    appendFileSync(path, `{"id":"2","latencies_ms":[${'1,'.repeat(10_000)}`);
    await append({ id: '3' });
    expect(await readJsonLines(path)).toEqual({ rows: [{ id: '1' }, { id: '3' }], torn: false });
  });

  it('may end in Windows line ends and contain empty lines', async () => {
    writeFileSync(path, '{"id":"1"}\r\n\r\n{"id":"2"}\r\n');
    expect((await readJsonLines(path)).rows).toEqual([{ id: '1' }, { id: '2' }]);
  });

  it('that are damaged in the middle are refused with their line', async () => {
    writeFileSync(path, '{"id":"1"}\n{"id":2,}\n{"id":"3"}\n');
    await expect(readJsonLines(path)).rejects.toThrow(`${path}:2:9: expected a key in double quotes, found '}'`);
  });

  it('that cannot be written fail with the path', async () => {
    await expect(JsonLinesWriter.open(join(folder, 'none', 'rows.jsonl'))).rejects.toThrow('cannot write');
  });
});
