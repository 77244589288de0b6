/**
 * Smart Turn Multimodal with random weights, for measuring and testing: beside the encoder of Smart Turn v3, R3D-18 (the
 * 18-layer residual network of 3-D convolutions in torchvision; batch normalisation is folded into its convolutions) on
 * 32 frames, then both joined and judged. 41 million parameters, 33 of them for the video.
 *
 *     input_features  → encoder, pooling                        384 ┐
 *     pixel_values    → stem, 4 stages of 2 blocks, mean, linear 256 ┴ 640 → 384 → 256 → 64 → 1
 */

import { FRAMES, MELS } from '../../dsp/whisper-features.js';
import { Graph, type Value } from '../../onnx/graph.js';
import { gelu } from '../mimi/layers.js';
import { CLIP_FRAMES, SIDE } from './clip.js';
import { layerNorm, linear, random, widthFor } from './random-layers.js';
import { BATCH, randomHead, randomWhisperEncoder, WIDTH } from './random-network.js';

/** Channels of the four stages, the first of which are also those of the stem. */
export const R3D18_CHANNELS = [64, 128, 256, 512] as const;

const COLOURS = 3;
const VIDEO_WIDTH = 256;

/**
 * `input_features [batch, 80, 800]`, `pixel_values [batch, 3, 32, 112, 112]` → `logits [batch, 1]`.
 * @param channels fewer make a small network of the same signature
 */
export function randomSmartTurnMultimodal(channels: readonly [number, number, number, number] = R3D18_CHANNELS): Graph {
  const graph = new Graph('smart_turn_multimodal_random');
  const features = graph.input('input_features', 'float', [BATCH, MELS, FRAMES]);
  const pixels = graph.input('pixel_values', 'float', [BATCH, COLOURS, CLIP_FRAMES, SIDE, SIDE]);
  const heard = randomWhisperEncoder(graph, features);
  const seen = linear(graph, r3d18(graph, pixels, channels), 'video.fc', channels[3], VIDEO_WIDTH);
  const joined = linear(graph, graph.concat([heard, seen], 1), 'fusion', WIDTH + VIDEO_WIDTH, WIDTH);
  const fused = gelu(graph, layerNorm(graph, joined, 'fusion', WIDTH));
  graph.output('logits', randomHead(graph, fused, WIDTH), 'float', [BATCH, 1]);
  return graph;
}

/** `[batch, 3, 32, 112, 112]` → `[batch, channels of the last stage]` */
function r3d18(graph: Graph, pixels: Value, channels: readonly [number, number, number, number]): Value {
  const [stemChannels] = channels;
  const stem = { inputs: COLOURS, outputs: stemChannels, kernel: [3, 7, 7], strides: [1, 2, 2] };
  let x = graph.add('Relu', [conv(graph, pixels, 'video.stem', stem)]);
  let inputs: number = stemChannels;
  for (const [stage, outputs] of channels.entries()) {
    x = block(graph, x, `video.stage${stage}.block0`, inputs, outputs, stage === 0 ? 1 : 2);
    x = block(graph, x, `video.stage${stage}.block1`, outputs, outputs, 1);
    inputs = outputs;
  }
  return graph.reshape(graph.add('GlobalAveragePool', [x]), [-1, inputs]);
}

/** Two convolutions, and what came in is added: through a convolution of its own where the shape changes. */
function block(graph: Graph, x: Value, name: string, inputs: number, outputs: number, stride: number): Value {
  const kernel = [3, 3, 3];
  const strides = [stride, stride, stride];
  const first = graph.add('Relu', [conv(graph, x, `${name}.conv1`, { inputs, outputs, kernel, strides })]);
  const second = conv(graph, first, `${name}.conv2`, { inputs: outputs, outputs, kernel, strides: [1, 1, 1] });
  const same = stride === 1 && inputs === outputs;
  const shortcut = same ? x : conv(graph, x, `${name}.shortcut`, { inputs, outputs, kernel: [1, 1, 1], strides });
  return graph.add('Relu', [graph.add('Add', [second, shortcut])]);
}

interface ConvSizes {
  readonly inputs: number;
  readonly outputs: number;
  /** Odd: time, height, width. */
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
}

function conv(graph: Graph, x: Value, name: string, { inputs, outputs, kernel, strides }: ConvSizes): Value {
  const reach = inputs * kernel.reduce((product, size) => product * size);
  const weight = random(graph, `${name}.weight`, [outputs, inputs, ...kernel], widthFor(reach));
  const bias = random(graph, `${name}.bias`, [outputs], 0.1);
  const margins = kernel.map((size) => (size - 1) / 2);
  return graph.add('Conv', [x, weight, bias], { kernel_shape: kernel, pads: [...margins, ...margins], strides });
}
