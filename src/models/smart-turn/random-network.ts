/**
 * Smart Turn v3 at its published size with random weights, for measuring and testing: it takes as long as the real one
 * and means nothing.
 *
 * It is the encoder of Whisper tiny on 8 s instead of 30 (400 positions of width 384, 4 layers of 6 heads),
 * attention pooling over the positions, and a head of three layers: 8 million parameters.
 */

import { FRAMES, MELS } from '../../dsp/whisper-features.js';
import { Graph, type Value } from '../../onnx/graph.js';
import { gelu } from '../mimi/layers.js';
import { layerNorm, linear, random, widthFor } from './random-layers.js';

/** Of the encoder. */
export const WIDTH = 384;
const POSITIONS = FRAMES / 2;
const LAYERS = 4;
const HEADS = 6;
const HEAD_WIDTH = WIDTH / HEADS;
const FEED_FORWARD = 4 * WIDTH;
const HIDDEN = 256;

/** Free: any number of turns at once. */
export const BATCH = 'batch';

/** `input_features [batch, 80, 800]` → `logits [batch, 1]`. */
export function randomSmartTurn(): Graph {
  const graph = new Graph('smart_turn_random');
  const features = graph.input('input_features', 'float', [BATCH, MELS, FRAMES]);
  graph.output('logits', randomHead(graph, randomWhisperEncoder(graph, features), WIDTH), 'float', [BATCH, 1]);
  return graph;
}

/** `[batch, 80, 800]` → `[batch, 384]`: encoder and pooling. */
export function randomWhisperEncoder(graph: Graph, features: Value): Value {
  const conv1 = gelu(graph, conv(graph, features, 'conv1', MELS, 1));
  const conv2 = gelu(graph, conv(graph, conv1, 'conv2', WIDTH, 2));
  const positions = random(graph, 'positions', [POSITIONS, WIDTH], 0.1);
  let x = graph.add('Add', [graph.transpose(conv2, [0, 2, 1]), positions]);
  for (let layer = 0; layer < LAYERS; layer++) x = block(graph, x, `layer${layer}`);
  return pool(graph, layerNorm(graph, x, 'encoder', WIDTH));
}

/** `[batch, inputs]` → `[batch, 1]`, a probability. */
export function randomHead(graph: Graph, x: Value, inputs: number): Value {
  const wide = gelu(graph, layerNorm(graph, linear(graph, x, 'head1', inputs, HIDDEN), 'head1', HIDDEN));
  const narrow = gelu(graph, linear(graph, wide, 'head2', HIDDEN, 64));
  return graph.add('Sigmoid', [linear(graph, narrow, 'head3', 64, 1)]);
}

function conv(graph: Graph, x: Value, name: string, inputs: number, stride: number): Value {
  const weight = random(graph, `${name}.weight`, [WIDTH, inputs, 3], widthFor(3 * inputs));
  const bias = random(graph, `${name}.bias`, [WIDTH], 0.1);
  return graph.add('Conv', [x, weight, bias], { kernel_shape: [3], pads: [1, 1], strides: [stride] });
}

function block(graph: Graph, x: Value, name: string): Value {
  const attended = graph.add('Add', [x, attention(graph, layerNorm(graph, x, `${name}.norm1`, WIDTH), name)]);
  const normed = layerNorm(graph, attended, `${name}.norm2`, WIDTH);
  const hidden = gelu(graph, linear(graph, normed, `${name}.linear1`, WIDTH, FEED_FORWARD));
  return graph.add('Add', [attended, linear(graph, hidden, `${name}.linear2`, FEED_FORWARD, WIDTH)]);
}

function attention(graph: Graph, x: Value, name: string): Value {
  const [query, key, value] = ['query', 'key', 'value'].map((part) => {
    const projected = linear(graph, x, `${name}.${part}`, WIDTH, WIDTH);
    return graph.reshape(projected, [-1, POSITIONS, HEADS, HEAD_WIDTH]);
  }) as [Value, Value, Value];
  const scaled = graph.add('Mul', [graph.transpose(query, [0, 2, 1, 3]), graph.scalar(1 / Math.sqrt(HEAD_WIDTH))]);
  const scores = graph.add('MatMul', [scaled, graph.transpose(key, [0, 2, 3, 1])]);
  const weights = graph.add('Softmax', [scores], { axis: -1 });
  const mixed = graph.add('MatMul', [weights, graph.transpose(value, [0, 2, 1, 3])]);
  const joined = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, POSITIONS, WIDTH]);
  return linear(graph, joined, `${name}.output`, WIDTH, WIDTH);
}

/** `[batch, positions, width]` → `[batch, width]`, weighted by a small network. */
function pool(graph: Graph, x: Value): Value {
  const hidden = graph.add('Tanh', [linear(graph, x, 'pool1', WIDTH, HIDDEN)]);
  const weights = graph.add('Softmax', [linear(graph, hidden, 'pool2', HIDDEN, 1)], { axis: 1 });
  const pooled = graph.add('MatMul', [graph.transpose(weights, [0, 2, 1]), x]);
  return graph.reshape(pooled, [-1, WIDTH]);
}
