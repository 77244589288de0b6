/**
 * The inner product at the heart of the resampler, as one WebAssembly function: four products at a time (SIMD), about
 * eight times as fast as the same loop in JavaScript. Resampling would otherwise cost more than most models.
 *
 * The module is assembled by hand below, one instruction per line, so that it needs no tool to build. Its arithmetic
 * is plain IEEE single precision in a fixed order: the same bits on every machine.
 */

// In every JavaScript engine, but TypeScript declares it only among the types of the browser.
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

export interface DotProduct {
  /** Where the samples go before `dot` is called. */
  readonly window: Float32Array;
  /** Σ coefficients[row·taps + i] · window[from + i] over i < taps. */
  dot(row: number, from: number): number;
}

/** @param coefficients `[rows, taps]`, copied. @param taps a multiple of 8. */
export function dotProduct(coefficients: Float32Array, taps: number, windowLength: number): DotProduct {
  const floats = coefficients.length + windowLength;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((4 * floats) / 65_536) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(MODULE)), { e: { m: memory } });
  const dot = instance.exports['d'] as (coefficient: number, sample: number, end: number) => number;
  new Float32Array(memory.buffer).set(coefficients);
  const windowBytes = 4 * coefficients.length;
  const rowBytes = 4 * taps;
  return {
    window: new Float32Array(memory.buffer, windowBytes, windowLength),
    dot: (row, from) => dot(row * rowBytes, windowBytes + 4 * from, (row + 1) * rowBytes),
  };
}

const letter = (text: string) => text.charCodeAt(0);
const section = (id: number, content: readonly number[]) => [id, content.length, ...content];

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const SIMD = 0xfd;

const CODE = [
  ...[1, 2, V128], // locals: 3 and 4, two vectors of four partial sums
  ...[0x03, 0x40], // loop
  ...[0x20, 3, 0x20, 0, SIMD, 0x00, 0, 0, 0x20, 1, SIMD, 0x00, 0, 0], // 3, load(0), load(1)
  ...[SIMD, 0xe6, 1, SIMD, 0xe4, 1, 0x21, 3], //                        f32x4.mul, f32x4.add, set 3
  ...[0x20, 4, 0x20, 0, SIMD, 0x00, 0, 16, 0x20, 1, SIMD, 0x00, 0, 16], // the same for the next four
  ...[SIMD, 0xe6, 1, SIMD, 0xe4, 1, 0x21, 4],
  ...[0x20, 1, 0x41, 32, 0x6a, 0x21, 1], // sample += 32 bytes
  ...[0x20, 0, 0x41, 32, 0x6a, 0x22, 0], // coefficient += 32 bytes
  ...[0x20, 2, 0x49, 0x0d, 0], // while it is below end
  0x0b, // end of loop
  ...[0x20, 3, 0x20, 4, SIMD, 0xe4, 1, 0x22, 3, SIMD, 0x1f, 0], // 3 += 4; lane 0
  ...[0x20, 3, SIMD, 0x1f, 1, 0x92], // + lane 1
  ...[0x20, 3, SIMD, 0x1f, 2, 0x92], // + lane 2
  ...[0x20, 3, SIMD, 0x1f, 3, 0x92], // + lane 3
  0x0b,
];

const MODULE = [
  ...[0, letter('a'), letter('s'), letter('m'), 1, 0, 0, 0],
  ...section(1, [1, 0x60, 3, I32, I32, I32, 1, F32]), // type: (coefficient, sample, end) -> sum
  ...section(2, [1, 1, letter('e'), 1, letter('m'), 2, 0, 1]), // import: memory e.m
  ...section(3, [1, 0]), // one function
  ...section(7, [1, 1, letter('d'), 0, 0]), // exported as d
  ...section(10, [1, CODE.length, ...CODE]),
];
