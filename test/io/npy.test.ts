import { describe, expect, it } from 'vitest';
import { npy, npz } from '../../src/io/npy.js';
import { bytesInMemory } from '../../src/onnx/byte-source.js';
import { readZip } from '../../src/onnx/zip.js';

const ARRAYS = {
  probs: { data: Float32Array.of(0.5, 0.25, 1, 0, 0, 2), shape: [3, 2] },
  floor: { data: Uint8Array.of(1, 0, 1), shape: [3] },
  threshold: { data: Float64Array.of(0.1), shape: [] },
  sr: { data: Int32Array.of(24_000), shape: [] },
};

function file(name: keyof typeof ARRAYS): Buffer {
  return Buffer.concat(npy(ARRAYS[name]));
}

describe('npy', () => {
  it('has the header that numpy writes, padded so that the numbers are aligned', () => {
    const bytes = file('probs');
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]));
    expect(bytes.subarray(10, 128).toString('latin1').trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
    );
    expect(bytes.subarray(127).toString('latin1')[0]).toBe('\n');
    expect(bytes.readFloatLE(128 + 4)).toBe(0.25);
    expect(file('threshold').toString('latin1')).toContain("'<f8', 'fortran_order': False, 'shape': ()");
    expect(file('floor').toString('latin1')).toContain("'|u1', 'fortran_order': False, 'shape': (3,)");
    expect(file('sr').length % 64).toBe(4);
  });

  it('refuses numbers that do not fill the shape', () => {
    expect(() => npy({ data: Float32Array.of(1, 2), shape: [3] })).toThrow(/2 numbers for shape \[3\]/);
  });
});

describe('npz', () => {
  it('is a zip archive of the arrays by name', () => {
    const archive = readZip(bytesInMemory('x.npz', new Uint8Array(Buffer.concat(npz(ARRAYS)))));
    expect(archive.names).toEqual(['probs.npy', 'floor.npy', 'threshold.npy', 'sr.npy']);
    for (const name of Object.keys(ARRAYS) as (keyof typeof ARRAYS)[]) {
      expect(Buffer.from(archive.read(`${name}.npy`, 1000)).equals(file(name)), name).toBe(true);
    }
  });

  it('gives the same bytes whenever it is written', () => {
    expect(Buffer.concat(npz(ARRAYS)).equals(Buffer.concat(npz(ARRAYS)))).toBe(true);
  });
});
