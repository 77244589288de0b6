/**
 * The split residual quantizer and the way back to 25 Hz, one call per 80 ms: latent `[rows, dimension]` → codes
 * `[rows, codebooks]` and embeddings `[rows, 2, dimension]`.
 *
 * One semantic codebook and a chain of acoustic ones both start from the same latent; each of the chain quantizes what
 * the one before left over. The nearest entry is the one with the largest `r·e − ‖e‖²/2`, the lowest index on ties.
 */

import { Graph, type Value } from '../../onnx/graph.js';
import type { TensorFile } from '../../onnx/tensor-file.js';
import { ROWS, stateInput, stateOutput } from './conv.js';
import {
  ACOUSTIC,
  codebookNames,
  FRAMES_PER_CHUNK,
  type MimiDimensions,
  RESAMPLE_KERNEL,
  SEMANTIC,
} from './dimensions.js';
import { transposed } from './matrices.js';
import type { Tap } from './tap.js';

/** A codebook entry is a sum over its uses; those of rarely used entries are divided by this instead. */
const USAGE_MIN = Math.fround(1e-5);

/** State: the quantized vectors of the chunk before. */
const PREVIOUS = 'upsample';

export function quantizerGraph(file: TensorFile, d: MimiDimensions, tap: Tap = () => {}): Graph {
  const graph = new Graph('mimi_quantizer');
  const { dimension: width, codebookDimension } = d;
  const latent = graph.input('latent', 'float', [ROWS, width]);
  const previous = stateInput(graph, { name: PREVIOUS, shape: [width] });
  const names = codebookNames(d);
  const semantic = quantize(SEMANTIC, names.slice(0, 1));
  const acoustic = quantize(ACOUSTIC, names.slice(1));
  const quantized = graph.add('Add', [semantic.decoded, acoustic.decoded]);
  graph.output('codes', graph.concat([...semantic.codes, ...acoustic.codes], 1), 'int64', [ROWS, d.codebooks]);
  graph.output('quantized', quantized, 'float', [ROWS, width]);
  stateOutput(graph, { name: PREVIOUS, shape: [width] }, quantized);
  graph.output('embedding', upsample(graph, quantized, previous, file, d), 'float', [ROWS, FRAMES_PER_CHUNK, width]);
  return graph;

  /** Codes are `[rows, 1]` each. */
  function quantize(part: string, codebooks: readonly string[]): { codes: Value[]; decoded: Value } {
    let rest = project(`${part}.input_proj.weight`, latent, codebookDimension, width);
    tap(graph, `${part}.input_proj`, rest, [codebookDimension]);
    const codes: Value[] = [];
    const entries: Value[] = [];
    for (const name of codebooks) {
      const { code, entry } = nearest(name, rest);
      codes.push(code);
      entries.push(entry);
      rest = graph.add('Sub', [rest, entry]);
    }
    const sum = entries.reduce((a, b) => graph.add('Add', [a, b]));
    return { codes, decoded: project(`${part}.output_proj.weight`, sum, width, codebookDimension) };
  }

  function nearest(name: string, vector: Value): { code: Value; entry: Value } {
    const table = codebookEntries(file, name, d);
    const weight = graph.constant(`${name}.scores`, transposed(table, d.bins, codebookDimension), [
      codebookDimension,
      d.bins,
    ]);
    const offset = graph.constant(`${name}.offsets`, halfSquares(table, codebookDimension), [d.bins]);
    const scores = graph.add('Gemm', [vector, weight, offset]);
    const code = graph.add('ArgMax', [scores], { axis: 1, keepdims: 1 });
    const rows = graph.constant(`${name}.entries`, table, [d.bins, codebookDimension]);
    const entry = graph.reshape(graph.add('Gather', [rows, code], { axis: 0 }), [-1, codebookDimension]);
    return { code, entry };
  }

  function project(name: string, x: Value, outputs: number, inputs: number): Value {
    const matrix = transposed(file.read(name), outputs, inputs);
    return graph.add('MatMul', [x, graph.constant(name, matrix, [inputs, outputs])]);
  }
}

function codebookEntries(file: TensorFile, name: string, d: MimiDimensions): Float32Array {
  const usage = file.read(`${name}.cluster_usage`);
  return file.read(`${name}.embedding_sum`).map((sum, i) => {
    return sum / Math.max(usage[Math.floor(i / d.codebookDimension)]!, USAGE_MIN);
  });
}

/** `−‖e‖²/2` of every entry. */
function halfSquares(table: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: table.length / width }, (_, entry) => {
    const numbers = table.subarray(entry * width, (entry + 1) * width);
    return -numbers.reduce((sum, value) => sum + value * value, 0) / 2;
  });
}

/**
 * Transposed convolution per channel, kernel 4 and stride 2, as overlap-add:
 * `frame 0 = x·w₀ + previous·w₂`, `frame 1 = x·w₁ + previous·w₃`.
 */
function upsample(
  graph: Graph,
  x: Value,
  previous: Value,
  file: TensorFile,
  { dimension: width }: MimiDimensions,
): Value {
  const weight = transposed(file.read('upsample.convtr.convtr.convtr.weight'), width, RESAMPLE_KERNEL);
  const part = (name: string, vector: Value, tap: number) => {
    const taps = weight.slice(tap * width, (tap + FRAMES_PER_CHUNK) * width);
    const factors = graph.constant(`upsample.${name}`, taps, [1, FRAMES_PER_CHUNK, width]);
    return graph.add('Mul', [graph.reshape(vector, [-1, 1, width]), factors]);
  };
  return graph.add('Add', [part('now', x, 0), part('before', previous, FRAMES_PER_CHUNK)]);
}
