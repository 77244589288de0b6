/** Layers without state, from operators that every runtime has fast kernels for. */

import type { Graph, Value } from '../../onnx/graph.js';

/**
 * ELU with alpha 1: `max(x, exp(min(x, 0)) − 1)`, because `exp(x) − 1 ≥ x`. Four vectorised passes are faster than
 * the operator of that name, which calls a scalar `exp`.
 */
export function elu(graph: Graph, x: Value): Value {
  const exponential = graph.add('Exp', [graph.add('Min', [x, graph.scalar(0)])]);
  return graph.add('Max', [x, graph.add('Sub', [exponential, graph.scalar(1)])]);
}

/** The exact form, `0.5·x·(1 + erf(x/√2))`, in the order of operators that runtimes recognise and fuse. */
export function gelu(graph: Graph, x: Value): Value {
  const erf = graph.add('Erf', [graph.add('Div', [x, graph.scalar(Math.fround(Math.SQRT2))])]);
  return graph.add('Mul', [graph.add('Mul', [x, graph.add('Add', [erf, graph.scalar(1)])]), graph.scalar(0.5)]);
}
