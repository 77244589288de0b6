/** Named tensors of a checkpoint, whatever its format. Shapes are known at once, numbers are read when asked for. */

import { UserError } from '../core/errors.js';

export interface TensorFile {
  /** File name without folder, for messages. */
  readonly file: string;
  readonly names: readonly string[];
  /** Absent when there is no such tensor. */
  shape(name: string): readonly number[] | undefined;
  /**
   * Row-major float32 copy.
   * @throws UserError when the tensor is missing, damaged or not of a floating-point type.
   */
  read(name: string): Float32Array;
  close(): void;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Floating-point element types of both checkpoint formats. */
export const FLOAT_TYPES = { F32: 4, F64: 8, F16: 2, BF16: 2 } as const;

export type FloatType = keyof typeof FLOAT_TYPES;

export function isFloatType(type: string): type is FloatType {
  return Object.hasOwn(FLOAT_TYPES, type);
}

/** Little-endian elements as float32. `bytes` must start at the beginning of its own buffer. */
export function toFloat32(bytes: Uint8Array, type: FloatType): Float32Array {
  const count = bytes.byteLength / FLOAT_TYPES[type];
  if (type === 'F32') return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  if (type === 'F64') return Float32Array.from(new Float64Array(bytes.buffer, bytes.byteOffset, count));
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  if (type === 'F16') return Float32Array.from(halves, float16);
  // bfloat16 is the upper half of a float32.
  const words = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(words.buffer);
}

/** @throws UserError naming the tensor and what similar names the file has. */
export function missingTensor(source: TensorFile, name: string): UserError {
  return new UserError(`${source.file}: tensor '${name}' is missing`, {
    hint: `the file holds ${source.names.length} tensors${source.names.length > 0 ? `, the first is '${source.names[0]}'` : ''}: is it the right checkpoint?`,
  });
}

/** IEEE 754 binary16. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
