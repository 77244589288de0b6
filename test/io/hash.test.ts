import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256File, sha256Text } from '../../src/io/hash.js';

describe('SHA-256', () => {
  it('is that of the published examples (FIPS 180-2), from text and from a file', async () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256Text('abc')).toBe(abc);
    const folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
    try {
      writeFileSync(join(folder, 'abc'), 'abc');
      expect(await sha256File(join(folder, 'abc'))).toBe(abc);
      await expect(sha256File(join(folder, 'none'))).rejects.toThrow('no such file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the hash of a text', () => {
  it('is that of its UTF-8 bytes, wherever its pieces end', () => {
    const parts = fc.array(fc.constantFrom('a', 'ü', '€', '😀', '\ud83d', '\ude00'), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 16_370, max: 16_390 }), (unusual, length) => {
        const text = 'x'.repeat(length) + unusual.join('') + 'y'.repeat(length);
        expect(sha256Text(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
      }),
    );
    expect(sha256Text('')).toBe(createHash('sha256').digest('hex'));
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth, keeps the order of lists and leaves out what has no value', () => {
    const value = { b: [{ y: 1, x: 'ü' }, null, true], a: { d: 0.1, c: undefined } };
    expect(canonicalJson(value)).toBe('{"a":{"d":0.1},"b":[{"x":"ü","y":1},null,true]}');
  });

  it('is JSON for the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses what JSON cannot say', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const value of [{ a: Number.NaN }, [undefined], { a: () => 1 }, circle, 10n]) {
      expect(() => canonicalJson(value)).toThrow('not a JSON value');
    }
  });
});
