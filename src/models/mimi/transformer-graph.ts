/**
 * The encoder transformer and the convolution to 12.5 Hz, one call per 80 ms: frames `[rows, 2, dimension]` → latent
 * `[rows, dimension]`.
 *
 * Keys and values of the last `context − 2` frames are inputs, those of the two new frames are outputs; the caller
 * puts them in the place of the two oldest ones (`position mod (context − 2)`: the order of keys is of no meaning to
 * attention). That is the window of the streaming reference, which writes before it attends: with an even `position`
 * p of the first new frame, it sees frames `max(0, p + 2 − context) … p`, the second the same and itself. Slots that
 * were never written are masked. A graph that returned the whole window would copy 8 MB per row and call.
 *
 * `position` counts 25 Hz frames per row, so rows can start at different times.
 */

import { Graph, type Value } from '../../onnx/graph.js';
import type { TensorFile } from '../../onnx/tensor-file.js';
import { type AttentionContext, attention, attentionContext } from './attention.js';
import { affine, POSITION, ROWS, stateInput, stateOutput, windowConv } from './conv.js';
import { FRAMES_PER_CHUNK, type MimiDimensions, RESAMPLE_KERNEL, transformerLayer } from './dimensions.js';
import { gelu } from './layers.js';
import { transposed } from './matrices.js';
import type { Tap } from './tap.js';

const LAYER_NORM_EPSILON = 1e-5;

/** State: the two frames before the ones given. */
const DOWNSAMPLE_STATE = 'downsample';

export function transformerGraph(file: TensorFile, d: MimiDimensions, tap: Tap = () => {}): Graph {
  const graph = new Graph('mimi_transformer');
  const { dimension: width, feedForward } = d;
  const shape = [FRAMES_PER_CHUNK, width];
  let x = graph.input('frames', 'float', [ROWS, ...shape]);
  const position = graph.input(POSITION, 'int64', [ROWS]);
  const context = attentionContext(graph, position, d);
  for (let layer = 0; layer < d.layers; layer++) x = transformerBlock(x, layer, context);
  tap(graph, 'encoder_transformer', x, shape);
  const latent = downsample(graph, x, position, file, d);
  graph.output('latent', latent, 'float', [ROWS, width]);
  return graph;

  function transformerBlock(input: Value, layer: number, shared: AttentionContext): Value {
    const name = transformerLayer(layer);
    const normed = layerNorm(input, `${name}.norm1`);
    tap(graph, `${name}.norm1`, normed, shape);
    const attended = attention(graph, normed, file, layer, d, shared);
    const middle = graph.add('Add', [input, attended]);
    const wide = { inputs: width, outputs: feedForward, frames: FRAMES_PER_CHUNK };
    const narrow = { inputs: feedForward, outputs: width, frames: FRAMES_PER_CHUNK };
    const first = transposed(file.read(`${name}.linear1.weight`), feedForward, width);
    const hidden = affine(graph, layerNorm(middle, `${name}.norm2`), `${name}.linear1`, first, undefined, wide);
    tap(graph, `${name}.linear1`, hidden, [FRAMES_PER_CHUNK, feedForward]);
    const scale = file.read(`${name}.layer_scale_2.scale`);
    const second = transposed(file.read(`${name}.linear2.weight`), width, feedForward, scale);
    const output = graph.add('Add', [
      middle,
      affine(graph, gelu(graph, hidden), `${name}.linear2`, second, undefined, narrow),
    ]);
    tap(graph, name, output, shape);
    return output;
  }

  function layerNorm(input: Value, name: string): Value {
    const weight = graph.constant(`${name}.weight`, file.read(`${name}.weight`), [width]);
    const bias = graph.constant(`${name}.bias`, file.read(`${name}.bias`), [width]);
    return graph.add('LayerNormalization', [input, weight, bias], { epsilon: { float: LAYER_NORM_EPSILON } });
  }
}

/** Stride 2 with the first frame of a stream repeated before it, not zeros. */
function downsample(graph: Graph, x: Value, position: Value, file: TensorFile, d: MimiDimensions): Value {
  const { dimension: width } = d;
  const shape = [FRAMES_PER_CHUNK, width];
  const state = stateInput(graph, { name: DOWNSAMPLE_STATE, shape });
  const isFirst = graph.reshape(graph.add('Equal', [position, graph.integers([0])]), [-1, 1, 1]);
  const before = graph.add('Where', [isFirst, graph.slice(x, 1, 0, 1), state]);
  stateOutput(graph, { name: DOWNSAMPLE_STATE, shape }, x);
  const weight = file.read('downsample.conv.conv.conv.weight');
  const conv = { weight, outputs: width, inputs: width, kernel: RESAMPLE_KERNEL, stride: FRAMES_PER_CHUNK };
  return graph.reshape(windowConv(graph, x, { ...conv, name: 'downsample' }, FRAMES_PER_CHUNK, before), [-1, width]);
}
