/** Layers with random weights, seeded by their names, and scaled so that numbers neither grow nor vanish. */

import { Prng, seedOf } from '../../core/prng.js';
import type { Graph, Value } from '../../onnx/graph.js';
import { elementCount } from '../../onnx/tensor-file.js';

export function layerNorm(graph: Graph, x: Value, name: string, width: number): Value {
  const scale = graph.constant(`${name}.scale`, new Float32Array(width).fill(1), [width]);
  const bias = random(graph, `${name}.shift`, [width], 0.1);
  return graph.add('LayerNormalization', [x, scale, bias], { epsilon: { float: 1e-5 } });
}

export function linear(graph: Graph, x: Value, name: string, inputs: number, outputs: number): Value {
  const weight = random(graph, `${name}.weight`, [inputs, outputs], widthFor(inputs));
  return graph.add('Add', [graph.add('MatMul', [x, weight]), random(graph, `${name}.bias`, [outputs], 0.1)]);
}

/** Of uniform weights that keep the variance of their inputs. */
export function widthFor(inputs: number): number {
  return Math.sqrt(3 / inputs);
}

export function random(graph: Graph, name: string, shape: readonly number[], width: number): Value {
  const prng = new Prng(seedOf(name));
  const numbers = new Float32Array(elementCount(shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = prng.between(-width, width);
  return graph.constant(name, numbers, shape);
}
