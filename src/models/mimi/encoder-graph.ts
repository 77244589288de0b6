/**
 * The SEANet encoder, one call per 80 ms: audio `[rows, 1920]` → frames `[rows, 2, dimension]` at 25 Hz. All layers
 * are causal; zeros as initial states are the zero padding of the first call.
 */

import { Graph, type Value } from '../../onnx/graph.js';
import type { TensorFile } from '../../onnx/tensor-file.js';
import { blockConv, type ConvWeights, pointConv, ROWS, windowConv } from './conv.js';
import {
  CHUNK_SAMPLES,
  FIRST_KERNEL,
  FRAMES_PER_CHUNK,
  LAST_KERNEL,
  type MimiDimensions,
  RESIDUAL_KERNEL,
  STRIDES,
} from './dimensions.js';
import { elu } from './layers.js';
import type { Tap } from './tap.js';

/** Below this many frames a call is too short for the wider matrices of blocks to pay. */
const BLOCK_FRAMES_MIN = 64;

/** @param tap told of every layer's output under its moshi name */
export function encoderGraph(file: TensorFile, d: MimiDimensions, tap: Tap = () => {}): Graph {
  const graph = new Graph('mimi_encoder');
  const layer = (index: number | string) => `encoder.model.${index}`;
  const audio = graph.input('audio', 'float', [ROWS, CHUNK_SAMPLES]);
  let frames = CHUNK_SAMPLES;
  let channels = d.filters;
  const weights = (name: string, outputs: number, inputs: number, kernel: number, stride = 1) =>
    convWeights(file, name, outputs, inputs, kernel, stride);
  const seen = (index: number | string, value: Value) => {
    tap(graph, layer(index), value, [frames, channels]);
    return value;
  };

  let x = graph.reshape(audio, [-1, frames, 1]);
  x = seen(0, blockConv(graph, x, weights(`${layer(0)}.conv.conv`, channels, 1, FIRST_KERNEL), frames));
  for (const [i, stride] of STRIDES.entries()) {
    const at = 3 * i + 1;
    x = seen(at, residualBlock(x, `${layer(at)}.block`));
    x = seen(at + 1, elu(graph, x));
    const down = weights(`${layer(at + 2)}.conv.conv`, 2 * channels, channels, 2 * stride, stride);
    x = blockConv(graph, x, down, frames);
    frames /= stride;
    channels *= 2;
    seen(at + 2, x);
  }
  x = seen(13, elu(graph, x));
  x = windowConv(graph, x, weights(`${layer(14)}.conv.conv`, d.dimension, channels, LAST_KERNEL), frames);
  channels = d.dimension;
  graph.output('frames', seen(14, x), 'float', [ROWS, FRAMES_PER_CHUNK, d.dimension]);
  return graph;

  /** `x + narrow-to-wide(ELU(wide-to-narrow(ELU(x))))` */
  function residualBlock(input: Value, name: string): Value {
    const hidden = channels / 2;
    const narrow = weights(`${name}.1.conv.conv`, hidden, channels, RESIDUAL_KERNEL);
    const conv = frames < BLOCK_FRAMES_MIN ? windowConv : blockConv;
    const inner = elu(graph, conv(graph, elu(graph, input), narrow, frames));
    const wide = pointConv(graph, inner, weights(`${name}.3.conv.conv`, channels, hidden, 1), frames);
    return graph.add('Add', [input, wide]);
  }
}

function convWeights(
  file: TensorFile,
  name: string,
  outputs: number,
  inputs: number,
  kernel: number,
  stride: number,
): ConvWeights {
  const weight = file.read(`${name}.weight`);
  return { name, weight, bias: file.read(`${name}.bias`), outputs, inputs, kernel, stride };
}
