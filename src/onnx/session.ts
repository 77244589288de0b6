/**
 * The one door to onnxruntime: this file alone imports it, and only when a session is made, so that commands which
 * run no network start fast and work where the runtime cannot be installed.
 *
 * Sessions run on the CPU with one thread. That is the fastest way to spend a core on small streaming models;
 * parallelism comes from rows per call and from processes. Nothing is ever printed by the runtime: what goes wrong is
 * thrown.
 */

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { EXIT, messageOf, UserError } from '../core/errors.js';
import type { ComponentRuntime } from '../core/model.js';

const PROVIDER = 'cpu';
const DEFAULT_THREADS = 1;

export type OnnxTensor = Tensor;
export type OnnxTensors = Readonly<Record<string, OnnxTensor>>;

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly runsOn: ComponentRuntime;
  /**
   * A tensor over `data` (float32, int32 or int64), not a copy: fill the array again and feed the same tensor again.
   * @param dims shape, row-major; `[]` is a scalar.
   */
  tensor(data: Float32Array | Int32Array | BigInt64Array, dims: readonly number[]): OnnxTensor;
  /** One inference. Inputs must stay untouched until it settles; outputs are new tensors and may be fed back. */
  run(feeds: OnnxTensors): Promise<OnnxTensors>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Threads inside one operator, at least 1. */
  readonly threads?: number;
  /** The names that the caller will feed: a file with other inputs is refused here rather than at the first step. */
  readonly inputs?: readonly string[];
  /** The names that the caller will read. */
  readonly outputs?: readonly string[];
}

/**
 * Load an ONNX file.
 * @throws UserError when the file is missing, is not an ONNX model, or has other inputs or outputs than expected.
 */
export async function createSession(path: string, options: SessionOptions = {}): Promise<OnnxSession> {
  if (!existsSync(path)) throw new UserError(`ONNX model ${path} does not exist`);
  const ort = await runtime();
  const threads = options.threads ?? DEFAULT_THREADS;
  const session = await ort.InferenceSession.create(path, {
    executionProviders: [PROVIDER],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  }).catch((error: unknown) => {
    throw new UserError(`${path} cannot be loaded as an ONNX model: ${messageOf(error)}`, {
      hint: 'the file may be incomplete or of another kind: fetch it again, or name another one',
      cause: error,
    });
  });
  try {
    expectNames(path, 'inputs', session.inputNames, options.inputs);
    expectNames(path, 'outputs', session.outputNames, options.outputs);
  } catch (error) {
    await session.release();
    throw error;
  }
  return wrap(ort.Tensor, session, { provider: PROVIDER, threads });
}

/** What inference runs on, for the record of a run. Loads the runtime. */
export async function runtimeInfo(): Promise<{ name: string; version: string; provider: string; threads: number }> {
  const ort = await runtime();
  const version = ort.env.versions.node ?? ort.env.versions.common;
  return { name: 'onnxruntime-node', version, provider: PROVIDER, threads: DEFAULT_THREADS };
}

async function runtime() {
  try {
    const ort = await import('onnxruntime-node');
    ort.env.logLevel = 'fatal';
    return ort;
  } catch (error) {
    throw new UserError(`onnxruntime-node cannot be loaded: ${messageOf(error).split('\n')[0]}`, {
      hint: `it has binaries for Linux, macOS (arm64) and Windows; install it with 'npm install' on ${process.platform}-${process.arch}`,
      exitCode: EXIT.prerequisite,
      cause: error,
    });
  }
}

function wrap(TensorClass: typeof Tensor, session: InferenceSession, runsOn: ComponentRuntime): OnnxSession {
  return {
    runsOn,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    tensor(data, dims) {
      if (data instanceof Float32Array) return new TensorClass('float32', data, dims);
      if (data instanceof Int32Array) return new TensorClass('int32', data, dims);
      return new TensorClass('int64', data, dims);
    },
    run: (feeds) => session.run(feeds),
    release: () => session.release(),
  };
}

/** Inputs must be exactly those expected; of the outputs, those read must be there. */
function expectNames(path: string, what: 'inputs' | 'outputs', found: readonly string[], expected?: readonly string[]) {
  if (!expected) return;
  const missing = expected.filter((name) => !found.includes(name));
  const extra = what === 'inputs' ? found.filter((name) => !expected.includes(name)) : [];
  if (missing.length + extra.length === 0) return;
  throw new UserError(`${path} has the ${what} ${found.join(', ')}; expected ${expected.join(', ')}`, {
    hint: `${basename(path)} is another network, or another version of it, than this model is made for`,
  });
}
