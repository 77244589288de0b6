/** The tiny reference model: the real architecture at small sizes with recorded outputs of every stage. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { readMimiDimensions } from '../../../src/models/mimi/dimensions.js';
import { readEndpointerDimensions } from '../../../src/models/mimi/endpointer-dimensions.js';
import { buildGraph, GRAPH_NAMES, type Sources, statesOf } from '../../../src/models/mimi/graphs.js';
import { canonicalMimi } from '../../../src/models/mimi/names.js';
import { Stage } from '../../../src/models/mimi/stages.js';
import type { Tap } from '../../../src/models/mimi/tap.js';
import { openCheckpoint } from '../../../src/onnx/checkpoint.js';
import type { Graph } from '../../../src/onnx/graph.js';
import { createSession, type OnnxTensor, type OnnxTensors } from '../../../src/onnx/session.js';

export const FIXTURES = 'test/fixtures/mimi-tiny';
/** From its config.json. */
export const TINY = { heads: 2, context: 8, codebooks: 8 };
export const CHUNKS = 75;
export const WIDTH = 32;

export function tinySources(mimiFile = 'mimi.safetensors', checkpointFile = 'checkpoint.pt'): Sources {
  const mimi = canonicalMimi(openCheckpoint(`${FIXTURES}/${mimiFile}`), TINY);
  const checkpoint = openCheckpoint(`${FIXTURES}/${checkpointFile}`);
  const mimiDimensions = readMimiDimensions(mimi, TINY);
  return { mimi, mimiDimensions, checkpoint, endpointerDimensions: readEndpointerDimensions(checkpoint, WIDTH) };
}

export function floats(name: string): Float32Array {
  return new Float32Array(new Uint8Array(readFileSync(`${FIXTURES}/${name}`)).buffer);
}

export function integers(name: string): Int32Array {
  return new Int32Array(new Uint8Array(readFileSync(`${FIXTURES}/${name}`)).buffer);
}

/** Both channels of the recorded input, [2, 1920] of chunk `index`. */
export function inputChunk(index: number): Float32Array {
  const chunk = new Float32Array(2 * 1920);
  for (const channel of [0, 1]) {
    const from = channel * 144_000 + index * 1920;
    chunk.set(INPUT.subarray(from, from + 1920), channel * 1920);
  }
  return chunk;
}

const INPUT = floats('input.f32');

export function bytesOf(graph: Graph): Buffer {
  return Buffer.concat(graph.model({ name: 'test', version: '1' }).chunks);
}

/** A session over a graph that was just built; sessions are made from files. */
export async function sessionOf(graph: Graph) {
  const folder = mkdtempSync(join(tmpdir(), 'mimi-'));
  try {
    const path = join(folder, `${graph.name}.onnx`);
    writeFileSync(path, bytesOf(graph));
    return await createSession(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All networks once; every stream over them has states of its own. */
export async function networksOf(sources: Sources, tap?: Tap): Promise<(rows: number) => Stage[]> {
  const makers: ((rows: number) => Stage)[] = [];
  for (const name of GRAPH_NAMES) {
    const graph = buildGraph(name, sources, tap);
    const session = await sessionOf(graph);
    const info = { name, ...statesOf(graph) };
    makers.push((rows) => new Stage(session, info, rows));
  }
  return (rows) => makers.map((make) => make(rows));
}

export async function tinyStages(sources: Sources, rows: number, tap?: Tap): Promise<Stage[]> {
  return (await networksOf(sources, tap))(rows);
}

/** @param given of as many rows as the stages have */
export async function runChunk(stages: readonly Stage[], given: OnnxTensors): Promise<OnnxTensors> {
  const rows = Object.values(given)[0]!.dims[0]!;
  let all = given;
  for (const stage of stages) all = { ...all, ...(await stage.run(all, rows)) };
  return all;
}

/** `[rows, 1920]` */
export function audioTensor(samples: Float32Array): OnnxTensor {
  return new Tensor('float32', samples, [samples.length / 1920, 1920]);
}

export function numbersOf(tensor: OnnxTensor): Float32Array {
  return tensor.data as Float32Array;
}
