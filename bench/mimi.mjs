/**
 * The Mimi endpointer at its published size, with random weights: seconds of one core per second of audio for both
 * passes of a conversation, by network, for one conversation and for several in lockstep; beside the least it can
 * be, the multiply-adds of a chunk over what this core does in a large matrix product in the same run. Times are the
 * processor time of the process, so that a busy machine disturbs less. Peak memory is that of a process that does
 * nothing else. `npm run build && node bench/mimi.mjs [conversations…]`
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { buildMimiEndpointer } from '../dist/models/mimi/build.js';
import { MIMI_FULL, mimiTensors, STRIDES } from '../dist/models/mimi/dimensions.js';
import { ENDPOINTER_FULL, endpointerTensors } from '../dist/models/mimi/endpointer-dimensions.js';
import { readManifest } from '../dist/models/mimi/manifest.js';
import { loadNetworks, MimiStream } from '../dist/models/mimi/stream.js';
import { Graph } from '../dist/onnx/graph.js';
import { createSession } from '../dist/onnx/session.js';
import { size, writeGraph, writeMimiSources } from './random-models.mjs';

const CHUNK_S = 0.08;
/** The attention window is full from here on. */
const WARM_CHUNKS = 125;

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'measure') process.send(await measure(rest[0], Number(rest[1]), Number(rest[2])));
else if (mode === 'build') process.send(await build(rest[0]));
else await main(process.argv.slice(2).map(Number));

async function main(asked) {
  const folder = mkdtempSync(join(tmpdir(), 'turnbench-mimi-'));
  try {
    const built = await inProcess('build', folder);
    console.log(`build: ${built.seconds.toFixed(1)} s, peak memory ${built.peakMb.toFixed(0)} MB`);
    const gflops = await peakGflops(folder);
    const perChunk = multiplyAdds();
    const total = Object.values(perChunk).reduce((sum, value) => sum + value);
    const limit = (2 * total) / (gflops * 1e9) / CHUNK_S;
    console.log(`one core: ${gflops.toFixed(0)} GFLOP/s in a product of 1024 × 1024 × 1024, float32, one thread`);
    console.log(
      `both passes: ${(total / 1e6).toFixed(0)} M multiply-adds per 80 ms, so at least ${limit.toFixed(3)} s/s`,
    );
    console.log('\ns of compute per s of audio and conversation, both passes (median chunk)');
    const head = ['conversations', ...Object.keys(perChunk), 'all', '× limit', 'p99', 'peak MB'];
    console.log(head.map((title) => title.padStart(13)).join(''));
    for (const conversations of asked.length > 0 ? asked : [1, 8, 16]) {
      const { stages, chunk, p99, peakMb } = await inProcess('measure', folder, conversations, 100);
      const cells = [...Object.keys(perChunk).map((name) => stages[name]), chunk];
      const shown = cells.map((ms) => (ms / 1000 / CHUNK_S / conversations).toFixed(3));
      const ratio = chunk / 1000 / CHUNK_S / conversations / limit;
      const late = (p99 / 1000 / CHUNK_S / conversations).toFixed(3);
      const row = [conversations, ...shown, ratio.toFixed(1), late, peakMb.toFixed(0)];
      console.log(row.map((cell) => String(cell).padStart(13)).join(''));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Memory is measured where nothing else has run before. */
function inProcess(...args) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), args.map(String));
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`process ended with code ${code} and no answer`)));
  });
}

async function build(folder) {
  const sources = writeMimiSources(folder);
  const start = performance.now();
  await buildMimiEndpointer(sources);
  return { seconds: (performance.now() - start) / 1000, peakMb: peakMb() };
}

async function measure(folder, conversations, chunks) {
  const networks = await loadNetworks(folder, await readManifest(folder), 1);
  const stream = new MimiStream(networks, 2 * conversations);
  const times = Object.fromEntries(stream.stages.map(({ name }) => [name, []]));
  const whole = [];
  for (let chunk = 0; chunk < WARM_CHUNKS + chunks; chunk++) {
    for (let i = 0; i < stream.audio.length; i++)
      stream.audio[i] = 0.3 * Math.sin(i * (chunk % 7)) + 0.1 * Math.cos(i * i);
    const start = processorMs();
    let before = start;
    await stream.next(2 * conversations, (name) => {
      const now = processorMs();
      if (chunk >= WARM_CHUNKS) times[name].push(now - before);
      before = now;
    });
    if (chunk >= WARM_CHUNKS) whole.push(processorMs() - start);
  }
  await networks.release();
  const stages = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, quantile(list, 0.5)]));
  return { stages, chunk: quantile(whole, 0.5), p99: quantile(whole, 0.99), peakMb: peakMb() };
}

/** The best of some runs: what the core can do, not what it does on average. */
async function peakGflops(folder) {
  const size = 1024;
  const graph = new Graph('product');
  const weight = graph.constant('weight', new Float32Array(size * size).fill(0.5), [size, size]);
  graph.output('y', graph.add('MatMul', [graph.input('x', 'float', [size, size]), weight]), 'float', [size, size]);
  const session = await createSession(writeGraph(join(folder, 'product.onnx'), graph));
  const x = session.tensor(new Float32Array(size * size).fill(0.25), [size, size]);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i++) {
    const start = processorMs();
    await session.run({ x });
    best = Math.min(best, processorMs() - start);
  }
  await session.release();
  return (2 * size ** 3) / best / 1e6;
}

/** Of both channels, or both passes, in 80 ms: weights × how often each is used, and attention. */
function multiplyAdds() {
  const sum = (table, uses) => table.reduce((total, [name, shape]) => total + size(shape) * uses(name), 0);
  const mimi = mimiTensors(MIMI_FULL).filter(([, shape]) => shape.length > 1);
  const part = (prefix) => mimi.filter(([name]) => name.startsWith(prefix));
  const { layers, dimension, context } = MIMI_FULL;
  const attention = layers * 2 * 2 * context * dimension;
  const lstm = endpointerTensors(ENDPOINTER_FULL).filter(([, shape]) => shape.length > 1);
  return {
    encoder: 2 * sum(part('encoder.'), encoderFrames),
    transformer: 2 * (sum(part('encoder_transformer.'), () => 2) + attention + sum(part('downsample'), () => 1)),
    quantizer: 2 * sum(part('quantizer.'), () => 1),
    endpointer: 2 * sum(lstm, () => 2),
  };
}

/** Output frames of an encoder layer in 80 ms. */
function encoderFrames(name) {
  const index = Number(/model\.(\d+)/.exec(name)[1]);
  const strides = STRIDES.slice(0, Math.floor(index / 3));
  return strides.reduce((frames, stride) => frames / stride, 1920);
}

function quantile(list, q) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function peakMb() {
  return process.resourceUsage().maxRSS / 1024;
}
