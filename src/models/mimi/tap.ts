import type { Graph, Value } from '../../onnx/graph.js';
import { ROWS } from './conv.js';

/** Told of inner values while a graph is built. `shape` is without the leading axis of rows. */
export type Tap = (graph: Graph, name: string, value: Value, shape: readonly number[]) => void;

/** Makes them outputs of the graph, for comparing every stage with a reference. */
export const exposeAll: Tap = (graph, name, value, shape) => {
  graph.output(`tap.${name}`, value, 'float', [ROWS, ...shape]);
};
