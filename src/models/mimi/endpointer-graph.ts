/**
 * The endpointer on both passes of conversations at once: embeddings `[rows, 2, dimension]` → class probabilities
 * `[rows, 2, 5]`, one per 25 Hz frame. Rows 2c and 2c+1 are the two channels of conversation c; the answer in a row is
 * that of the pass in which its channel is the subject.
 *
 * `model1` hears the subject and `model2` the other speaker. What either makes of a channel does not depend on who
 * the partner is, so both run on every row, and only the last layer joins a row of one with the partner's row of the
 * other: two passes for the price of one, with the same bits.
 */

import { Graph, type Value } from '../../onnx/graph.js';
import type { TensorFile } from '../../onnx/tensor-file.js';
import { affine, NEXT, ROWS } from './conv.js';
import { FRAMES_PER_CHUNK } from './dimensions.js';
import { CLASSES, type EndpointerDimensions, GATES, STREAMS } from './endpointer-dimensions.js';
import { reorderRows, transposed } from './matrices.js';

/** ONNX orders gates input, output, forget, cell; PyTorch input, forget, cell, output. */
const GATE_ORDER = [0, 3, 1, 2];

/** Inputs `[1, rows, hidden]`, zeros at first; the outputs with `.next` are those of the next call. */
export function lstmStates({ layers }: EndpointerDimensions): readonly string[] {
  return STREAMS.flatMap((stream) =>
    Array.from({ length: layers }, (_, layer) => [`${stream}.hidden.${layer}`, `${stream}.cell.${layer}`]).flat(),
  );
}

export function endpointerGraph(file: TensorFile, d: EndpointerDimensions): Graph {
  const graph = new Graph('mimi_endpointer');
  const { dimension, projection, hidden } = d;
  const embedding = graph.input('embedding', 'float', [ROWS, FRAMES_PER_CHUNK, dimension]);
  const sizes = { inputs: dimension, outputs: projection, frames: FRAMES_PER_CHUNK };
  const matrix = transposed(file.read('mel_embed.0.weight'), projection, dimension);
  const projected = affine(graph, embedding, 'mel_embed.0', matrix, file.read('mel_embed.0.bias'), sizes);
  const features = graph.transpose(graph.add('Relu', [projected]), [1, 0, 2]);
  const [subject, other] = STREAMS.map((stream) => lstmStack(graph, features, file, stream, d)) as [Value, Value];
  // [2, rows, hidden]
  const joined = graph.concat([subject, swapPartners(graph, other, hidden)], 2);
  const logits = affine(
    graph,
    graph.transpose(joined, [1, 0, 2]),
    'linear',
    transposed(file.read('linear.weight'), CLASSES.length, 2 * hidden),
    file.read('linear.bias'),
    { inputs: 2 * hidden, outputs: CLASSES.length, frames: FRAMES_PER_CHUNK },
  );
  graph.output('logits', logits, 'float', [ROWS, FRAMES_PER_CHUNK, CLASSES.length]);
  const probabilities = graph.add('Softmax', [logits], { axis: 2 });
  graph.output('probabilities', probabilities, 'float', [ROWS, FRAMES_PER_CHUNK, CLASSES.length]);
  return graph;
}

/** Row 2c gets what row 2c+1 has and the other way round. */
function swapPartners(graph: Graph, x: Value, width: number): Value {
  const pairs = graph.reshape(x, [FRAMES_PER_CHUNK, -1, 2, width]);
  const swapped = graph.add('Gather', [pairs, graph.integers([1, 0])], { axis: 2 });
  return graph.reshape(swapped, [FRAMES_PER_CHUNK, -1, width]);
}

/** @param x `[2, rows, width]` @returns `[2, rows, hidden]` */
function lstmStack(graph: Graph, x: Value, file: TensorFile, stream: string, d: EndpointerDimensions): Value {
  const { hidden } = d;
  let output = x;
  for (let layer = 0; layer < d.layers; layer++) {
    const inputs = layer === 0 ? d.projection : hidden;
    const gates = (kind: string, columns: number) => {
      const name = `${stream}.${kind}_l${layer}`;
      return [name, reorderGates(file.read(name), columns, hidden)] as const;
    };
    const constant = ([name, data]: readonly [string, Float32Array], shape: number[]) =>
      graph.constant(name, data, shape);
    const [hiddenName, cellName] = [`${stream}.hidden.${layer}`, `${stream}.cell.${layer}`];
    const bias = [...gates('bias_ih', 1)[1], ...gates('bias_hh', 1)[1]];
    const [y, nextHidden, nextCell] = graph.addMany(
      'LSTM',
      [
        output,
        constant(gates('weight_ih', inputs), [1, GATES * hidden, inputs]),
        constant(gates('weight_hh', hidden), [1, GATES * hidden, hidden]),
        graph.constant(`${stream}.bias_l${layer}`, Float32Array.from(bias), [1, 2 * GATES * hidden]),
        undefined,
        graph.input(hiddenName, 'float', [1, ROWS, hidden]),
        graph.input(cellName, 'float', [1, ROWS, hidden]),
      ],
      3,
      { hidden_size: hidden },
    ) as [Value, Value, Value];
    graph.output(hiddenName + NEXT, nextHidden, 'float', [1, ROWS, hidden]);
    graph.output(cellName + NEXT, nextCell, 'float', [1, ROWS, hidden]);
    // [2, directions = 1, rows, hidden]
    output = graph.reshape(y, [FRAMES_PER_CHUNK, -1, hidden]);
  }
  return output;
}

/** The four blocks of rows from PyTorch's order to that of ONNX. */
function reorderGates(matrix: Float32Array, columns: number, hidden: number): Float32Array {
  return reorderRows(matrix, columns * hidden, GATE_ORDER);
}
