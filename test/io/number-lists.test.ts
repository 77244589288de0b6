import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/io/json.js';
import { readJsonNumbers } from '../../src/io/number-lists.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

function stored(content: string | Uint8Array): string {
  const path = join(folder(), 'file.json');
  writeFileSync(path, content);
  return path;
}

/** As `JSON.parse` gives it. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item) => (item instanceof Float64Array ? Array.from(item) : item)));

describe('a JSON file of numbers', () => {
  it('is what JSON.parse makes of it, with lists of numbers packed', async () => {
    const text =
      '\ufeff{ "a" : [ 1, -0.5e-3,\n 2E2 ], "[1,2]": "\\"[3]\\\\", "ü": [], "b": [[1], {"c": [0.1]}, "x", null] }';
    const value = await readJsonNumbers(stored(text));
    expect(value).toEqual({
      a: Float64Array.of(1, -0.0005, 200),
      '[1,2]': '"[3]\\',
      ü: [],
      b: [Float64Array.of(1), { c: Float64Array.of(0.1) }, 'x', null],
    });
  });

  it('may hold anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(0, 1), async (value, indent) => {
        const path = stored(JSON.stringify(value, null, indent));
        expect(plain(await readJsonNumbers(path))).toEqual(plain(value));
      }),
      { numRuns: 100 },
    );
  });

  it('is put together from its pieces, wherever they are cut', async () => {
    // Lists and texts longer than a piece, so that numbers, characters of several bytes and escapes are cut.
    const numbers = Array.from({ length: 300_000 }, (_, i) => i / 7);
    const value = { text: 'é\\"[1]'.repeat(400_000), numbers, more: ['ü', numbers.slice(0, 3)] };
    const read = await readJsonNumbers(stored(JSON.stringify(value)));
    expect((read as { numbers: unknown }).numbers).toBeInstanceOf(Float64Array);
    expect(plain(read)).toEqual(value);
  });

  it.each([
    ['{"a": [1, 2', 'unfinished list'],
    ['{"a": [1, 02]}', 'a number that is none'],
    ['{"a": [0.5, NaN]}', 'NaN'],
    ['{"a": [0.5, ]}', 'a trailing comma'],
    ['{"a": [1] "b": 2}', 'a missing comma'],
    ['[1] [2]', 'two documents'],
    ['', 'nothing'],
  ])('is refused with the same message as any other: %j', async (text) => {
    const path = stored(text);
    const message = await readJson(path).catch((error: Error) => error.message);
    await expect(readJsonNumbers(path)).rejects.toThrow(message as string);
  });

  it('is refused when it is no text, or not there', async () => {
    await expect(readJsonNumbers(stored(Uint8Array.of(0x22, 0xff, 0x22)))).rejects.toThrow('not UTF-8');
    await expect(readJsonNumbers(join(folder(), 'none.json'))).rejects.toThrow('none.json');
  });

  it('may have lists of other things that begin with a number, and every character in its texts', async () => {
    const value = { mixed: [1, 'two'], nested: [1, [2]], nul: ['\u0000', '\u00000'], list: [1] };
    expect(plain(await readJsonNumbers(stored(JSON.stringify(value))))).toEqual(value);
  });
});
