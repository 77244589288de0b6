/**
 * Weights of any size without a checkpoint, for measuring and testing: seeded, and scaled so that numbers neither
 * grow nor vanish on their way through the networks (denormal numbers would falsify timings).
 */

import { Prng, seedOf } from '../../core/prng.js';
import type { TensorTable } from '../../onnx/tensor-checks.js';
import { elementCount, missingTensor, type TensorFile } from '../../onnx/tensor-file.js';

export function randomWeights(file: string, table: TensorTable): TensorFile {
  const shapes = new Map(table);
  const weights: TensorFile = {
    file,
    names: [...shapes.keys()],
    shape: (name) => shapes.get(name),
    read(name) {
      const shape = shapes.get(name);
      if (!shape) throw missingTensor(weights, name);
      return uniform(name, shape);
    },
    close() {},
  };
  return weights;
}

/** Variance 1 / inputs for matrices; around 1 for what is multiplied or divided by; small otherwise. */
function uniform(name: string, shape: readonly number[]): Float32Array {
  const inputs = elementCount(shape.slice(1));
  const isFactor = /norm\d\.weight|cluster_usage/.test(name);
  const isCodebook = name.endsWith('embedding_sum');
  const width = shape.length === 1 ? 0.1 : isCodebook ? 1 : Math.sqrt(3 / inputs);
  const middle = isFactor ? 1 : 0;
  const random = new Prng(seedOf(name));
  const numbers = new Float32Array(elementCount(shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = middle + width * (2 * random.float() - 1);
  return numbers;
}
