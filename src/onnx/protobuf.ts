/**
 * Just enough of the protobuf wire format to write ONNX files. A message is a list of byte chunks, so that tensors of
 * many megabytes are referred to and never copied. What is written depends on nothing but what was put in: the same
 * calls give the same bytes.
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const UTF8 = new TextEncoder();

export class Message {
  readonly chunks: Uint8Array[] = [];
  /** Bytes. */
  length = 0;

  /** int32, int64 and enums; non-negative only, as all that ONNX needs here except attributes, see `signed`. */
  integer(field: number, value: number): this {
    return this.#add(Uint8Array.from([...varint(key(field, VARINT)), ...varint(value)]));
  }

  /** int64 that may be negative: ten bytes of two's complement. */
  signed(field: number, value: number): this {
    if (value >= 0) return this.integer(field, value);
    return this.#add(Uint8Array.from([...varint(key(field, VARINT)), ...bigVarint(BigInt.asUintN(64, BigInt(value)))]));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#add(Uint8Array.from([...varint(key(field, FIXED32)), ...bytes]));
  }

  text(field: number, value: string): this {
    return this.bytes(field, UTF8.encode(value));
  }

  /** Kept by reference: must not change until it is written. */
  bytes(field: number, value: Uint8Array): this {
    this.#prefix(field, value.length);
    return this.#add(value);
  }

  message(field: number, value: Message): this {
    this.#prefix(field, value.length);
    for (const chunk of value.chunks) this.#add(chunk);
    return this;
  }

  #prefix(field: number, length: number): void {
    this.#add(Uint8Array.from([...varint(key(field, LENGTH_DELIMITED)), ...varint(length)]));
  }

  #add(chunk: Uint8Array): this {
    this.chunks.push(chunk);
    this.length += chunk.length;
    return this;
  }
}

function key(field: number, wireType: number): number {
  return field * 8 + wireType;
}

function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a non-negative integer: ${value}`);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function bigVarint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128);
    rest /= 128n;
  }
  return [...bytes, Number(rest)];
}
