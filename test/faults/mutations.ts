/** Damaged copies of valid files: what a parser of unknown files has to survive. */

import fc from 'fast-check';

/** Where a change happens, as a share of the file; headers are short, and most that can be told wrongly is there. */
const place = fc.oneof(
  fc.record({ within: fc.constant('head'), at: fc.nat(255) }),
  fc.record({ within: fc.constant('tail'), at: fc.nat(255) }),
  fc.record({ within: fc.constant('whole'), at: fc.nat(2 ** 30) }),
);

const LARGE = [0, 1, -1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, 2 ** 31, 2 ** 53, 2 ** 63];

const byteMutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), place, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), place }),
  fc.record({ kind: fc.constant('remove' as const), place, count: fc.nat(64) }),
  fc.record({ kind: fc.constant('repeat' as const), place, count: fc.nat(64), times: fc.nat(4) }),
  fc.record({ kind: fc.constant('insert' as const), place, bytes: fc.uint8Array({ maxLength: 16 }) }),
  fc.record({
    kind: fc.constant('number' as const),
    place,
    bytes: fc.constantFrom(1, 2, 4, 8),
    value: fc.constantFrom(...LARGE),
  }),
);

type ByteMutation = typeof byteMutation extends fc.Arbitrary<infer T> ? T : never;

/** One of the files with up to six changes. */
export function damagedBytes(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...files), fc.array(byteMutation, { minLength: 1, maxLength: 6 }))
    .map(([file, mutations]) => mutations.reduce(changed, file));
}

function changed(bytes: Uint8Array, mutation: ByteMutation): Uint8Array {
  const at = positionOf(mutation.place, bytes.length);
  switch (mutation.kind) {
    case 'flip':
      return bytes.map((byte, i) => (i === at ? byte ^ mutation.bits : byte));
    case 'cut':
      return bytes.slice(0, at);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + mutation.count)]);
    case 'repeat': {
      const piece = bytes.subarray(at, at + mutation.count);
      return Buffer.concat([bytes.subarray(0, at), ...new Array(mutation.times).fill(piece), bytes.subarray(at)]);
    }
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), mutation.bytes, bytes.subarray(at)]);
    case 'number': {
      const number = Buffer.alloc(8);
      number.writeBigUInt64LE(BigInt.asUintN(64, BigInt(mutation.value)));
      return Buffer.concat([
        bytes.subarray(0, at),
        number.subarray(0, mutation.bytes),
        bytes.subarray(at + mutation.bytes),
      ]);
    }
  }
}

function positionOf({ within, at }: { within: string; at: number }, length: number): number {
  if (length === 0) return 0;
  if (within === 'tail') return Math.max(0, length - 1 - at);
  return at % length;
}

/** Words of JSON and of everything else here that is text. */
const WORD = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\w+|\S/g;

const ODD_WORDS = [
  ...['null', 'true', '-1', '0', '-0', '1e999', '1e308', '1e-320', '9007199254740993', '4294967296', '0.1', 'NaN'],
  ...['""', '"x"', '"\\u0000"', '"\\ud800"', '"__proto__"', '"constructor"', '[]', '{}', '[[]]', '{"a":1}'],
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\u0000', '\ufeff', '\ud83d', '-->', '\n\n', '[Turn]'],
  ...['['.repeat(20_000), '{"a":'.repeat(20_000), `"${'x'.repeat(100_000)}"`, '9'.repeat(400)],
];

const wordMutation = fc.record({
  at: fc.nat(2 ** 30),
  doing: fc.constantFrom('replace' as const, 'remove' as const, 'repeat' as const),
  by: fc.oneof(fc.constantFrom(...ODD_WORDS), fc.json({ maxDepth: 2 }), fc.string({ maxLength: 5 })),
});

/** One of the texts with up to four words replaced, removed or repeated. */
export function damagedText(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(wordMutation, { minLength: 1, maxLength: 4 }))
    .map(([text, mutations]) => mutations.reduce(reworded, text));
}

function reworded(text: string, { at, doing, by }: { at: number; doing: string; by: string }): string {
  const words = [...text.matchAll(WORD)];
  const word = words[at % Math.max(1, words.length)];
  if (!word) return by;
  const end = word.index + word[0].length;
  const put = doing === 'replace' ? by : doing === 'remove' ? '' : `${word[0]} ${word[0]}`;
  return text.slice(0, word.index) + put + text.slice(end);
}
