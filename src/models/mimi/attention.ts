/**
 * Self-attention of two new frames over a window of earlier ones, with rotary position embedding.
 *
 * moshi rotates neighbouring numbers of a head; here the rows of the projection are reordered when the graph is built,
 * so that all first partners come before all second ones and a rotation is six elementwise operations on contiguous
 * halves. Queries and keys are reordered alike, which leaves their products as they are.
 */

import type { Graph, Value } from '../../onnx/graph.js';
import type { TensorFile } from '../../onnx/tensor-file.js';
import { affine, NEXT, ROWS } from './conv.js';
import { FRAMES_PER_CHUNK, type MimiConstants, type MimiDimensions, transformerLayer } from './dimensions.js';
import { reorderRows, transposed } from './matrices.js';

const ROPE_PERIOD_MAX = 10_000;

/** What all layers share in one call. */
export interface AttentionContext {
  /** `[rows, 2, dimension]`: one value per rotated pair, for every head of the queries, then of the keys. */
  readonly cosine: Value;
  readonly sine: Value;
  /** `[rows, 1, 2, context]`: 0 where a frame is seen, −∞ elsewhere; earlier frames first, then the two new ones. */
  readonly mask: Value;
}

/** Frames whose keys and values are inputs. */
export function windowFrames({ context }: MimiConstants): number {
  return context - FRAMES_PER_CHUNK;
}

export function keysInput(layer: number): string {
  return `keys.${layer}`;
}

export function valuesInput(layer: number): string {
  return `values.${layer}`;
}

/** @param position `[rows]`, 25 Hz frames since the start of the stream, of the first new frame */
export function attentionContext(graph: Graph, position: Value, d: MimiDimensions): AttentionContext {
  const pairs = d.dimension / d.heads / 2;
  const offsets = graph.constant('new_frames', BigInt64Array.of(0n, 1n), [1, FRAMES_PER_CHUNK]);
  const positions = graph.add('Add', [graph.reshape(position, [-1, 1]), offsets]);
  const time = graph.reshape(graph.cast(positions, 'float'), [-1, FRAMES_PER_CHUNK, 1]);
  const frequencies = graph.constant('rope_frequencies', ropeFrequencies(pairs), [1, 1, pairs]);
  const angle = graph.add('Mul', [time, frequencies]);
  const everyHead = (value: Value) => graph.add('Tile', [value, graph.integers([1, 1, 2 * d.heads])]);
  return {
    cosine: everyHead(graph.add('Cos', [angle])),
    sine: everyHead(graph.add('Sin', [angle])),
    mask: visibility(graph, position, d),
  };
}

/** `period^(−j/pairs)`, rounded where the reference rounds: angles far into a stream depend on the last bit. */
function ropeFrequencies(pairs: number): Float32Array {
  const slope = Math.fround(-Math.log(ROPE_PERIOD_MAX) / pairs);
  return Float32Array.from({ length: pairs }, (_, j) => Math.exp(Math.fround(j * slope)));
}

/** A column is seen where its number is below the position: slots are filled in order and all stay filled. */
function visibility(graph: Graph, position: Value, d: MimiDimensions): Value {
  const always = -1n;
  const never = 2n ** 62n;
  const slots = Array.from({ length: windowFrames(d) }, (_, slot) => BigInt(slot));
  // The first of the two new frames does not see the second.
  const columns = BigInt64Array.from([...slots, always, never, ...slots, always, always]);
  const numbers = graph.constant('columns', columns, [1, 1, FRAMES_PER_CHUNK, d.context]);
  const seen = graph.add('Less', [numbers, graph.reshape(position, [-1, 1, 1, 1])]);
  return graph.add('Where', [seen, graph.scalar(0), graph.scalar(Number.NEGATIVE_INFINITY)]);
}

/**
 * @param x `[rows, 2, dimension]`, normed
 * @returns the output of the block, scaled, to be added to its input
 */
export function attention(
  graph: Graph,
  x: Value,
  file: TensorFile,
  layer: number,
  d: MimiDimensions,
  context: AttentionContext,
): Value {
  const { dimension: width, heads } = d;
  const headWidth = width / heads;
  const name = `${transformerLayer(layer)}.self_attn`;
  const projection = { inputs: width, outputs: 3 * width, frames: FRAMES_PER_CHUNK };
  const inProj = transposed(reorderedProjection(file.read(`${name}.in_proj_weight`), d), 3 * width, width);
  const projected = affine(graph, x, `${name}.in_proj`, inProj, undefined, projection);
  const [firsts, seconds, value] = graph.split(projected, 2, [width, width, width]) as [Value, Value, Value];
  const queriesAndKeys = rotate(graph, firsts, seconds, d, context);
  const [query, key] = graph.split(queriesAndKeys, 1, [heads, heads]) as [Value, Value];
  const values = graph.transpose(graph.reshape(value, [-1, FRAMES_PER_CHUNK, heads, headWidth]), [0, 2, 1, 3]);
  const mixed = attend(
    graph,
    query,
    [cache(keysInput(layer), key), key],
    [cache(valuesInput(layer), values), values],
    d,
    context,
  );
  const merged = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, FRAMES_PER_CHUNK, width]);
  const scale = file.read(`${transformerLayer(layer)}.layer_scale_1.scale`);
  const outProj = transposed(file.read(`${name}.out_proj.weight`), width, width, scale);
  return affine(graph, merged, `${name}.out_proj`, outProj, undefined, { ...projection, outputs: width });

  /** Declare the earlier frames as an input and the new ones as an output. */
  function cache(input: string, next: Value): Value {
    graph.output(input + NEXT, next, 'float', [ROWS, heads, FRAMES_PER_CHUNK, headWidth]);
    return graph.input(input, 'float', [ROWS, heads, windowFrames(d), headWidth]);
  }
}

/** Rotate every pair by its angle. @returns `[rows, 2 · heads, 2, head width]`, queries first, then keys */
function rotate(graph: Graph, firsts: Value, seconds: Value, d: MimiDimensions, context: AttentionContext): Value {
  const { cosine, sine } = context;
  const times = (a: Value, b: Value) => graph.add('Mul', [a, b]);
  const first = graph.add('Sub', [times(firsts, cosine), times(seconds, sine)]);
  const second = graph.add('Add', [times(firsts, sine), times(seconds, cosine)]);
  const pairs = d.dimension / d.heads / 2;
  const halves = [first, second].map((half) => graph.reshape(half, [-1, FRAMES_PER_CHUNK, 2 * d.heads, 1, pairs]));
  const joined = graph.reshape(graph.concat(halves, 3), [-1, FRAMES_PER_CHUNK, 2 * d.heads, 2 * pairs]);
  return graph.transpose(joined, [0, 2, 1, 3]);
}

/** Earlier and new frames are multiplied separately: joining them would copy the whole window. */
function attend(
  graph: Graph,
  query: Value,
  keys: readonly [earlier: Value, recent: Value],
  values: readonly [earlier: Value, recent: Value],
  d: MimiDimensions,
  { mask }: AttentionContext,
): Value {
  const scores = keys.map((key) => graph.add('MatMul', [query, graph.transpose(key, [0, 1, 3, 2])]));
  const weights = graph.add('Softmax', [graph.add('Add', [graph.concat(scores, 3), mask])], { axis: 3 });
  const parts = graph.split(weights, 3, [windowFrames(d), FRAMES_PER_CHUNK]);
  const [earlier, recent] = parts.map((part, i) => graph.add('MatMul', [part, values[i]!]));
  return graph.add('Add', [earlier!, recent!]);
}

/**
 * Rows of the projection in the order: first partners of all queries, then of all keys, second partners likewise,
 * values. Queries carry the factor `1 / √(head width)`.
 */
function reorderedProjection(weight: Float32Array, { dimension: width, heads }: MimiDimensions): Float32Array {
  const queries = (partner: number) => Array.from({ length: width / 2 }, (_, i) => 2 * i + partner);
  const keys = (partner: number) => queries(partner).map((row) => width + row);
  const values = Array.from({ length: width }, (_, i) => 2 * width + i);
  const scale = 1 / Math.sqrt(width / heads);
  const scaled = weight.map((number, i) => (i < width * width ? number * scale : number));
  return reorderRows(scaled, width, [...queries(0), ...keys(0), ...queries(1), ...keys(1), ...values]);
}
