import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { parseJson, readJson } from '../../src/io/json.js';
import { jsonFault } from '../../src/io/json-fault.js';

describe('parseJson', () => {
  it.each([
    ['{"a": 1,\n "b": 2,\n}', "f.json:3:1: expected a key in double quotes, found '}'"],
    ['{"a": 1\n "b": 2}', "f.json:2:2: expected ',' or '}', found '\"'"],
    ['[1, 2', "f.json:1:6: expected ',' or ']', found the end of the file"],
    ['', 'f.json:1:1: expected a value, found the end of the file'],
    ['[1] x', "f.json:1:5: expected the end of the file, found 'x'"],
    ['[NaN]', 'f.json:1:2: NaN is not JSON'],
    ['[-Infinity]', 'f.json:1:2: -Infinity is not JSON'],
    ['[01]', "f.json:1:3: expected ',' or ']', found '1'"],
    ["['a']", "f.json:1:2: expected a value, found '''"],
    ['["a\nb"]', 'f.json:1:2: this text has no end, a line break inside or a wrong escape'],
    ['{"a" 1}', "f.json:1:6: expected ':' after the key, found '1'"],
    ['[True]', "f.json:1:2: expected a value, found 'True'"],
  ])('locates the fault of %j', (text, message) => {
    expect(() => parseJson(text, 'f.json')).toThrow(UserError);
    expect(() => parseJson(text, 'f.json')).toThrow(message);
  });

  it('counts lines from where the text begins in its file', () => {
    expect(() => parseJson('{"a":}', 'rows.jsonl', { firstLine: 7 })).toThrow('rows.jsonl:7:6: ');
  });

  it('takes the last of two equal keys unless it is told to refuse them', () => {
    const text = '{"a": 1,\n "\\u0061": 2, "b": {"a": 3}}';
    expect(parseJson(text, 'f.json')).toEqual({ a: 2, b: { a: 3 } });
    expect(() => parseJson(text, 'f.json', { uniqueKeys: true })).toThrow(
      "f.json:2:2: the key 'a' is here a second time",
    );
    expect(parseJson('{"a": {"a": 1}, "b": [{"a": 2}]}', 'f.json', { uniqueKeys: true })).toBeDefined();
  });

  it('reads what any other program writes as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(jsonFault(text, true)).toBeUndefined();
        expect(parseJson(text, 'f.json')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('agrees with the engine on what is JSON, on texts that are nearly JSON', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'null',
      ' ',
      '"\\x"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(jsonFault(text) === undefined).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readJson', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('reads a file that begins with a byte order mark', async () => {
    const path = join(folder, 'a.json');
    writeFileSync(path, '\ufeff{"a": 1}');
    expect(await readJson(path)).toEqual({ a: 1 });
  });

  it('names the file as it is told to', async () => {
    const path = join(folder, 'a.json');
    writeFileSync(path, '{');
    await expect(readJson(path, { shownAs: '20/a.json' })).rejects.toThrow(/^20\/a\.json:1:2: /);
    await expect(readJson(join(folder, 'b.json'))).rejects.toThrow(
      `cannot read ${join(folder, 'b.json')}: no such file`,
    );
    await expect(readJson(folder)).rejects.toThrow('it is a folder, not a file');
  });

  it('refuses bytes that are no UTF-8 instead of guessing', async () => {
    const path = join(folder, 'a.json');
    writeFileSync(path, Buffer.from([0x22, 0xe9, 0x22]));
    await expect(readJson(path)).rejects.toThrow('not UTF-8 text');
  });
});
