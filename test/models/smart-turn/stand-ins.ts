/** Networks of the published signatures whose answers are known functions of what they are given. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Graph, type Value } from '../../../src/onnx/graph.js';

export const WINDOW = 128_000;
const FEATURES = [1, 80, 800];
const CLIP = [1, 3, 32, 112, 112];

/** A folder for the files of one test file, removed after it. */
export function graphFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name: string, graph: Graph): string => {
    const path = join(folder, `${name}.onnx`);
    writeFileSync(path, Buffer.concat(graph.model({ name: 'stand-in', version: '1' }).chunks));
    return path;
  };
}

/** Silero's signature. P(speech) is the greatest magnitude among the 512 samples of the chunk. */
export function loudnessVad(): Graph {
  const graph = new Graph('vad');
  const input = graph.input('input', 'float', ['rows', 576]);
  const state = graph.input('state', 'float', [2, 'rows', 128]);
  graph.input('sr', 'int64', []);
  const loudest = graph.add('ReduceMax', [graph.add('Abs', [graph.slice(input, 1, 64, 576)])], { axes: [1] });
  graph.output('output', loudest, 'float', ['rows', 1]);
  graph.output('stateN', state, 'float', [2, 'rows', 128]);
  return graph;
}

/** Raw audio in. P is the share of samples that are not exactly 0: how long the window reaches back. */
export function lengthNetwork(): Graph {
  return audioNetwork((graph, audio) => {
    const isZero = graph.add('Equal', [audio, graph.scalar(0)]);
    const count = graph.add('ReduceSum', [graph.cast(graph.add('Not', [isZero]), 'float')], { keepdims: 1 });
    return graph.reshape(graph.add('Div', [count, graph.scalar(WINDOW)]), [1, 1]);
  });
}

/** Raw audio in. P is the magnitude of one sample of the window. */
export function sampleNetwork(position: number): Graph {
  return audioNetwork((graph, audio) => graph.add('Abs', [graph.slice(audio, 1, position, position + 1)]));
}

/** Features in, and frames if it is to see. P is one of the features, brought from −4 … 4 to 0 … 1. */
export function featureNetwork(mel: number, frame: number, sees = false): Graph {
  const graph = new Graph('feature');
  const features = graph.input('input_features', 'float', FEATURES);
  if (sees) graph.input('pixel_values', 'float', CLIP);
  const one = graph.reshape(graph.slice(graph.slice(features, 1, mel, mel + 1), 2, frame, frame + 1), [1, 1]);
  const scaled = graph.add('Div', [graph.add('Add', [one, graph.scalar(4)]), graph.scalar(8)]);
  graph.output('logits', scaled, 'float', [1, 1]);
  return graph;
}

/** Features and frames in. P is one number of the clip, brought from −3 … 3 to 0 … 1. */
export function pixelNetwork(...[colour, time, row, column]: readonly [number, number, number, number]): Graph {
  const graph = new Graph('pixel');
  graph.input('input_features', 'float', FEATURES);
  let one = graph.input('pixel_values', 'float', CLIP);
  for (const [axis, at] of [colour, time, row, column].entries()) one = graph.slice(one, axis + 1, at, at + 1);
  const scaled = graph.add('Div', [graph.add('Add', [one, graph.scalar(3)]), graph.scalar(6)]);
  graph.output('logits', graph.reshape(scaled, [1, 1]), 'float', [1, 1]);
  return graph;
}

/** Features in, and frames if it is to see. P depends on every number. */
export function meanNetwork(sees = false): Graph {
  const graph = new Graph('mean');
  const features = graph.input('input_features', 'float', FEATURES);
  let mean = meanOf(graph, features);
  if (sees) mean = graph.add('Add', [mean, meanOf(graph, graph.input('pixel_values', 'float', CLIP))]);
  const steep = graph.add('Mul', [mean, graph.scalar(4)]);
  graph.output('logits', graph.add('Sigmoid', [steep]), 'float', [1, 1]);
  return graph;
}

function meanOf(graph: Graph, x: Value): Value {
  return graph.reshape(graph.add('ReduceMean', [x], { keepdims: 0 }), [1, 1]);
}

function audioNetwork(answer: (graph: Graph, audio: Value) => Value): Graph {
  const graph = new Graph('audio');
  const audio = graph.input('audio', 'float', [1, WINDOW]);
  graph.output('probability', answer(graph, audio), 'float', [1, 1]);
  return graph;
}
