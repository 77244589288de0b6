import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory, openBytes } from '../../src/onnx/byte-source.js';
import { readZip } from '../../src/onnx/zip.js';
import { type ArchiveEntry, utf8, zipOf } from './archives.js';

const hello = utf8('hello');

function open(...entries: ArchiveEntry[]) {
  return readZip(bytesInMemory('x.pt', zipOf(entries)));
}

describe('readZip', () => {
  it('reads stored and deflated entries, also at other places than their order', () => {
    const archive = open(
      { name: 'a/b', data: hello },
      { name: 'c', data: new Uint8Array(5000).fill(7), deflate: true },
    );
    expect(archive.names).toEqual(['a/b', 'c']);
    expect(archive.size('c')).toBe(5000);
    expect(archive.read('c', 5000)).toEqual(new Uint8Array(5000).fill(7));
    expect(archive.read('a/b', 5)).toEqual(hello);
  });

  it('reads the zip64 records that PyTorch writes', () => {
    const archive = readZip(openBytes('test/fixtures/mimi-tiny/checkpoint.pt'));
    expect(archive.names).toContain('checkpoint/data.pkl');
    expect(archive.read('checkpoint/data/1', 32)).toHaveLength(32);
  });

  it.each(['../evil', 'a/../../evil', '/etc/passwd', 'a\\b', 'c:evil', 'a/./b', 'a\0b', ''])(
    'refuses the entry name %j',
    (name) => {
      expect(() => open({ name, data: hello })).toThrow(/unsafe name/);
    },
  );

  it('refuses two entries of one name', () => {
    expect(() => open({ name: 'a', data: hello }, { name: 'a', data: hello })).toThrow(/two entries named 'a'/);
  });

  it('refuses an encrypted entry and an unknown method', () => {
    expect(() => open({ name: 'a', data: hello, flags: 1 })).toThrow(/'a' is encrypted/);
    expect(() => open({ name: 'a', data: hello, method: 12 })).toThrow(/compressed in an unknown way/);
  });

  it('refuses more than the caller can use before reading it', () => {
    expect(() => open({ name: 'a', data: hello, claimedSize: 2 ** 31 }).read('a', 100)).toThrow(
      /declares 2147483648 bytes/,
    );
  });

  it('refuses a bomb: 40 MB of zeros in 40 kB', () => {
    const archive = open({ name: 'a', data: new Uint8Array(40e6), deflate: true });
    expect(() => archive.read('a', 2 ** 31)).toThrow(/expands 'a' from \d+ to 40000000 bytes/);
  });

  it('stops a bomb that hides its size', () => {
    const archive = open({ name: 'a', data: new Uint8Array(40e6), deflate: true, claimedSize: 1000 });
    expect(() => archive.read('a', 2 ** 31)).toThrow(/cannot be expanded|wrong size/);
  });

  it.each<[string, Partial<ArchiveEntry>, RegExp]>([
    ['data outside the file', { claimedCompressedSize: 2 ** 31, claimedSize: 2 ** 31 }, /lies outside the file/],
    ['a header outside the file', { claimedOffset: 2 ** 31 }, /lies outside the file/],
    ['two sizes', { claimedSize: 3 }, /two sizes/],
    ['a wrong checksum', { claimedCrc32: 1 }, /wrong checksum/],
    ['two names', { localName: 'b' }, /two names/],
    ['an offset to nowhere', { claimedOffset: 3 }, /no header/],
  ])('refuses %s', (_, lie, message) => {
    expect(() => open({ name: 'a', data: hello, ...lie }).read('a', 2 ** 32)).toThrow(message);
  });

  it('refuses every truncation and survives every single damaged byte', () => {
    const whole = zipOf([
      { name: 'a', data: hello },
      { name: 'b', data: new Uint8Array(300), deflate: true },
    ]);
    const readAll = (data: Uint8Array) => {
      const archive = readZip(bytesInMemory('x.pt', data));
      return archive.names.map((name) => archive.read(name, 1000));
    };
    for (let length = 0; length < whole.length; length++) {
      expect(() => readAll(whole.subarray(0, length)), `${length}`).toThrow(
        expect.objectContaining({ name: 'UserError' }),
      );
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        try {
          readAll(damaged);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError' });
        }
      }),
    );
  });
});
