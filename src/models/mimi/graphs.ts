/** All networks of the endpointer by name, in the order in which they run. */

import type { Graph } from '../../onnx/graph.js';
import type { TensorFile } from '../../onnx/tensor-file.js';
import { NEXT } from './conv.js';
import type { MimiDimensions } from './dimensions.js';
import { encoderGraph } from './encoder-graph.js';
import type { EndpointerDimensions } from './endpointer-dimensions.js';
import { endpointerGraph } from './endpointer-graph.js';
import { quantizerGraph } from './quantizer-graph.js';
import type { StateInfo } from './state-rows.js';
import type { Tap } from './tap.js';
import { transformerGraph } from './transformer-graph.js';

export const GRAPH_NAMES = ['encoder', 'transformer', 'quantizer', 'endpointer'] as const;

export type GraphName = (typeof GRAPH_NAMES)[number];

export interface Sources {
  /** Under moshi names. */
  readonly mimi: TensorFile;
  readonly mimiDimensions: MimiDimensions;
  readonly checkpoint: TensorFile;
  readonly endpointerDimensions: EndpointerDimensions;
}

/** One at a time, because each holds a copy of its weights. */
export function buildGraph(name: GraphName, sources: Sources, tap?: Tap): Graph {
  const { mimi, mimiDimensions, checkpoint, endpointerDimensions } = sources;
  switch (name) {
    case 'encoder':
      return encoderGraph(mimi, mimiDimensions, tap);
    case 'transformer':
      return transformerGraph(mimi, mimiDimensions, tap);
    case 'quantizer':
      return quantizerGraph(mimi, mimiDimensions, tap);
    case 'endpointer':
      return endpointerGraph(checkpoint, endpointerDimensions);
  }
}

/** What a caller has to keep for a graph: states that come back whole, and windows that get new frames. */
export function statesOf(graph: Graph): { readonly states: StateInfo[]; readonly windows: StateInfo[] } {
  const states: StateInfo[] = [];
  const windows: StateInfo[] = [];
  for (const { name, shape } of graph.inputs) {
    const next = graph.outputs.find((output) => output.name === name + NEXT);
    if (next) (next.shape.join() === shape.join() ? states : windows).push({ name, shape });
  }
  return { states, windows };
}
