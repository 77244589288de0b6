import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/io/json.js';
import { jsonFault } from '../../src/io/json-fault.js';
import { mayRepeatKeys } from '../../src/io/json-keys.js';

/** Texts of objects that name keys twice now and then, with keys and texts that look like others. */
function jsonTexts(): fc.Arbitrary<string> {
  const texts = fc.constantFrom('"a"', '"\\u0061"', '"b"', '":"', '"\\":"', '"\\\\"', '"__proto__"', '"1"', '""');
  const { value } = fc.letrec<{ value: string }>((tie) => {
    const pair = fc.tuple(texts, tie('value')).map(([key, held]) => `${key} : ${held}`);
    return {
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        texts,
        fc.constantFrom('0', 'null', '-1e3'),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
        fc.array(pair, { maxLength: 4 }).map((pairs) => `{${pairs.join(',\n')}}`),
      ),
    };
  });
  return value;
}

describe('mayRepeatKeys', () => {
  it('is true where the walk through the text finds a key for the second time, and else only for escapes by number', () => {
    fc.assert(
      fc.property(jsonTexts(), (text) => {
        const isRepeated = jsonFault(text, true) !== undefined;
        expect(mayRepeatKeys(text, JSON.parse(text))).toBe(isRepeated || text.includes('\\u'));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves what is nested too deeply to the walk, which says so', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(parseJson(nested(500), 'f.json', { uniqueKeys: true })).toBeDefined();
    expect(() => parseJson(nested(50_000), 'f.json', { uniqueKeys: true })).toThrow(
      'f.json:1:502: nested deeper than 500 levels',
    );
  });
});
