import { describe, expect, it } from 'vitest';
import { bytesInMemory, openBytes } from '../../src/onnx/byte-source.js';
import { readSafetensors } from '../../src/onnx/safetensors.js';
import { bytes, concat, utf8 } from './archives.js';

function fileOf(header: unknown, data: Uint8Array, headerLength?: number) {
  const json = utf8(typeof header === 'string' ? header : JSON.stringify(header));
  return bytesInMemory('x.safetensors', concat(bytes([8, headerLength ?? json.length]), json, data));
}

function raw(numbers: Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer);
}

function entry(dtype: string, shape: number[], start: number, end: number) {
  return { dtype, shape, data_offsets: [start, end] };
}

describe('readSafetensors', () => {
  it('reads names, shapes and numbers of a published layout', () => {
    const file = readSafetensors(openBytes('test/fixtures/mimi-tiny/mimi.safetensors'));
    expect(file.shape('encoder.model.0.conv.conv.weight')).toEqual([8, 1, 7]);
    const bias = file.read('encoder.model.0.conv.conv.bias');
    expect(bias).toHaveLength(8);
    expect(bias.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
    file.close();
  });

  it('gives the same numbers for tensors that two files share', () => {
    const small = readSafetensors(openBytes('test/fixtures/mimi-tiny/mimi.safetensors'));
    const large = readSafetensors(openBytes('test/fixtures/mimi-tiny/mimi-with-decoder.safetensors'));
    expect(large.names.length).toBeGreaterThan(small.names.length);
    for (const name of small.names) expect(Buffer.compare(raw(large.read(name)), raw(small.read(name))), name).toBe(0);
  });

  it('converts half, bfloat16 and double precision', () => {
    // 1, -2, smallest subnormal of binary16; 1.5 and -0.25 in bfloat16; π
    const data = concat(
      bytes([2, 0x3c00], [2, 0xc000], [2, 1]),
      bytes([2, 0x3fc0], [2, 0xbe80]),
      new Uint8Array(Float64Array.of(Math.PI).buffer),
    );
    const header = { h: entry('F16', [3], 0, 6), b: entry('BF16', [1, 2], 6, 10), d: entry('F64', [], 10, 18) };
    const file = readSafetensors(fileOf(header, data));
    expect([...file.read('h')]).toEqual([1, -2, 2 ** -24]);
    expect([...file.read('b')]).toEqual([1.5, -0.25]);
    expect([...file.read('d')]).toEqual([Math.fround(Math.PI)]);
  });

  it('ignores metadata and integers nobody asks for', () => {
    const file = readSafetensors(
      fileOf({ __metadata__: { format: 'pt' }, n: entry('I64', [1], 0, 8) }, new Uint8Array(8)),
    );
    expect(file.names).toEqual(['n']);
    expect(() => file.read('n')).toThrow(/'n' has element type I64/);
  });

  it.each([
    ['an empty file', bytesInMemory('x.safetensors', new Uint8Array(0)), /length of the header lies outside/],
    ['a header longer than the file', fileOf({}, new Uint8Array(0), 1000), /the header lies outside the file/],
    ['a huge header', fileOf({}, new Uint8Array(0), 2 ** 52), /is not a safetensors file/],
    ['a header that is no JSON', fileOf('{"a":', new Uint8Array(0)), /not a JSON object/],
    ['a header that is a list', fileOf([], new Uint8Array(0)), /not a JSON object/],
    ['a negative offset', fileOf({ a: entry('F32', [1], -4, 0) }, new Uint8Array(4)), /malformed entry for tensor 'a'/],
    ['a truncated file', fileOf({ a: entry('F32', [2], 0, 8) }, new Uint8Array(4)), /'a' ends at byte 8 .* has 4/],
    [
      'a size that does not fit the shape',
      fileOf({ a: entry('F32', [3], 0, 8) }, new Uint8Array(8)),
      /8 bytes for tensor 'a'/,
    ],
    [
      'a shape that overflows',
      fileOf({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 8) }, new Uint8Array(8)),
      /bytes for tensor 'a'/,
    ],
  ])('refuses %s', (_, source, message) => {
    expect(() => readSafetensors(source)).toThrow(message);
  });

  it('names a missing tensor', () => {
    const file = readSafetensors(fileOf({ a: entry('F32', [1], 0, 4) }, new Uint8Array(4)));
    expect(() => file.read('b')).toThrow("x.safetensors: tensor 'b' is missing");
  });
});
