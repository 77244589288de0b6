/**
 * Causal streaming convolutions over `[rows, frames, channels]`, written as matrix products: that is what runtimes do
 * fastest, weights are packed once, and all rows share one product.
 *
 * Time is cut into blocks. With blocks of at least `kernel − stride` frames an output frame needs its own block and
 * the one before:
 *
 *     block   |  b−1  |   b   |          y[b] = x[b]·recent + x[b−1]·earlier + bias
 *     kernel      |-------|
 *
 * `blockConv` keeps the last block's product `x·earlier` as state, which no call copies again: cheap for long inputs.
 * `windowConv` keeps the input frames and joins each output's frames into one row: fewer multiplications, and right
 * where a call has only a few frames.
 */

import type { Graph, Value } from '../../onnx/graph.js';

export interface ConvWeights {
  /** For the names of constants and states. */
  readonly name: string;
  /** `[outputs, inputs, kernel]` */
  readonly weight: Float32Array;
  readonly bias?: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  readonly kernel: number;
  readonly stride: number;
}

/** A state of one network: input `name`, output `name` + `.next`, zeros at the start. */
export interface StateSpec {
  readonly name: string;
  /** Without the leading axis of rows. */
  readonly shape: readonly number[];
}

/** Suffix of the output that a state input gets in the next call. */
export const NEXT = '.next';

/** A dimension that is free: channels that are encoded together. */
export const ROWS = 'rows';
/** The input `[rows]` that counts 25 Hz frames since the start of a row's stream. */
export const POSITION = 'position';

/** Kernel 1: a product per frame, no state. `x` is `[rows, frames, inputs]`. */
export function pointConv(graph: Graph, x: Value, conv: ConvWeights, frames: number): Value {
  const { outputs, inputs, name } = conv;
  const matrix = tapMatrix(conv);
  return affine(graph, x, name, matrix, conv.bias, { inputs, outputs, frames });
}

/**
 * @param x `[rows, frames, inputs]`
 * @param frames a multiple of the block
 * @returns `[rows, frames / stride, outputs]`
 */
export function blockConv(graph: Graph, x: Value, conv: ConvWeights, frames: number): Value {
  const { name, inputs, outputs, kernel, stride } = conv;
  const block = Math.max(stride, kernel - stride);
  if (frames % block !== 0 || block % stride !== 0) throw new Error(`${name}: ${frames} frames, blocks of ${block}`);
  const perBlock = block / stride;
  const blocks = frames / block;
  const sizes = { inputs: block * inputs, outputs: perBlock * outputs, frames: blocks };
  const [earlier, recent] = blockMatrices(conv, block);
  const bias = conv.bias && repeat(conv.bias, perBlock);
  const own = affine(graph, x, `${name}.recent`, recent, bias, sizes);
  const product = affine(graph, x, `${name}.earlier`, earlier, undefined, sizes);
  const state = stateInput(graph, { name, shape: [1, sizes.outputs] });
  const before = blocks === 1 ? state : graph.concat([state, graph.slice(product, 1, 0, blocks - 1)], 1);
  stateOutput(graph, { name, shape: [1, sizes.outputs] }, graph.slice(product, 1, blocks - 1, blocks));
  return graph.reshape(graph.add('Add', [own, before]), [-1, frames / stride, outputs]);
}

/**
 * @param x `[rows, frames, inputs]`
 * @param before the frames before `x`, `[rows, kernel − stride, inputs]`; a state is made when there is none
 * @returns `[rows, frames / stride, outputs]`
 */
export function windowConv(graph: Graph, x: Value, conv: ConvWeights, frames: number, before?: Value): Value {
  const { name, inputs, outputs, kernel, stride } = conv;
  const shape = [kernel - stride, inputs];
  const all = graph.concat([before ?? stateInput(graph, { name, shape }), x], 1);
  if (!before) stateOutput(graph, { name, shape }, graph.slice(all, 1, frames, frames + kernel - stride));
  // [rows, outputs + kernel / stride − 1, stride · inputs]: a window is a run of kernel / stride of these.
  const count = frames / stride;
  const blocks = graph.reshape(all, [-1, count + kernel / stride - 1, stride * inputs]);
  const shifted = Array.from({ length: kernel / stride }, (_, i) => graph.slice(blocks, 1, i, i + count));
  const joined = count === 1 ? all : graph.concat(shifted, 2);
  const matrix = tapMatrix(conv);
  return affine(graph, joined, name, matrix, conv.bias, { inputs: kernel * inputs, outputs, frames: count });
}

export function stateInput(graph: Graph, { name, shape }: StateSpec): Value {
  return graph.input(name, 'float', [ROWS, ...shape]);
}

export function stateOutput(graph: Graph, { name, shape }: StateSpec, value: Value): void {
  graph.output(name + NEXT, value, 'float', [ROWS, ...shape]);
}

/** `x · matrix + bias` on the last axis, with all rows and frames as one product. */
export function affine(
  graph: Graph,
  x: Value,
  name: string,
  matrix: Float32Array,
  bias: Float32Array | undefined,
  { inputs, outputs, frames }: { readonly inputs: number; readonly outputs: number; readonly frames: number },
): Value {
  const flat = graph.reshape(x, [-1, inputs]);
  const weight = graph.constant(`${name}.weight`, matrix, [inputs, outputs]);
  const product = bias
    ? graph.add('Gemm', [flat, weight, graph.constant(`${name}.bias`, bias, [outputs])])
    : graph.add('MatMul', [flat, weight]);
  return graph.reshape(product, [-1, frames, outputs]);
}

/** `[outputs, inputs, kernel]` as a matrix `[kernel · inputs, outputs]`. */
function tapMatrix({ weight, inputs, outputs, kernel }: ConvWeights): Float32Array {
  const matrix = new Float32Array(weight.length);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < kernel; tap++) {
        matrix[(tap * inputs + input) * outputs + output] = weight[(output * inputs + input) * kernel + tap]!;
      }
    }
  }
  return matrix;
}

/** The two matrices `[block · inputs, outputs of a block]`: what the block before and the block itself contribute. */
function blockMatrices(conv: ConvWeights, block: number): [earlier: Float32Array, recent: Float32Array] {
  const { weight, inputs, outputs, kernel, stride } = conv;
  const columns = (block / stride) * outputs;
  const earlier = new Float32Array(block * inputs * columns);
  const recent = new Float32Array(block * inputs * columns);
  for (let step = 0; step < block / stride; step++) {
    for (let tap = 0; tap < kernel; tap++) {
      // Frame of the block under this tap; negative in the block before.
      const frame = step * stride + tap - (kernel - stride);
      const [matrix, at] = frame < 0 ? [earlier, frame + block] : [recent, frame];
      for (let input = 0; input < inputs; input++) {
        const row = (at * inputs + input) * columns + step * outputs;
        for (let output = 0; output < outputs; output++) {
          matrix[row + output] = weight[(output * inputs + input) * kernel + tap]!;
        }
      }
    }
  }
  return [earlier, recent];
}

function repeat(values: Float32Array, times: number): Float32Array {
  const out = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) out.set(values, i * values.length);
  return out;
}
