/**
 * One state of many channels: row after row in one array, so that the first so many rows are a tensor without copying,
 * and two rows change places where they lie.
 */

import type { OnnxSession, OnnxTensor } from '../../onnx/session.js';
import { ROWS } from './conv.js';

/** Name and shape of an input; the free size is named. */
export interface StateInfo {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export class StateRows {
  readonly name: string;
  /** Without the rows. */
  readonly shape: readonly number[];
  /** Numbers of a row. */
  readonly size: number;
  readonly #session: OnnxSession;
  readonly #info: StateInfo;
  #data = new Float32Array(0);
  #tensor: OnnxTensor | undefined;

  constructor(session: OnnxSession, info: StateInfo) {
    this.name = info.name;
    this.shape = info.shape.filter((size) => size !== ROWS).map(Number);
    this.size = this.shape.reduce((a, b) => a * b, 1);
    this.#session = session;
    this.#info = info;
  }

  /** Room for so many rows. New ones are zeros, the others stay as they are. */
  reserve(rows: number): void {
    if (rows * this.size <= this.#data.length) return;
    const data = new Float32Array(rows * this.size);
    data.set(this.#data);
    this.#data = data;
    this.#tensor = undefined;
  }

  clear(row: number): void {
    this.row(row).fill(0);
  }

  swap(a: number, b: number): void {
    const held = this.row(a).slice();
    this.row(a).set(this.row(b));
    this.row(b).set(held);
  }

  row(row: number): Float32Array {
    return this.#data.subarray(row * this.size, (row + 1) * this.size);
  }

  /** Replace the first rows. */
  set(values: Float32Array): void {
    this.#data.set(values);
  }

  /** The first rows, not a copy. */
  tensor(rows: number): OnnxTensor {
    const length = rows * this.size;
    if (this.#tensor?.data.length !== length) {
      const dims = this.#info.shape.map((size) => (size === ROWS ? rows : Number(size)));
      this.#tensor = this.#session.tensor(this.#data.subarray(0, length), dims);
    }
    return this.#tensor;
  }
}
