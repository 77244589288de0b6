import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../../../src/models/mimi/stages.js';
import { exposeAll } from '../../../src/models/mimi/tap.js';
import type { OnnxTensors } from '../../../src/onnx/session.js';
import {
  audioTensor,
  CHUNKS,
  FIXTURES,
  floats,
  inputChunk,
  integers,
  numbersOf,
  runChunk,
  tinySources,
  tinyStages,
  WIDTH,
} from './tiny.js';

// Recorded by the public moshi package (commit e6a55d2) in streaming mode, one call per 80 ms, both channels as a batch.
// The attention window of the tiny model is full from chunk 4 on.
const EXPECTED = {
  latent: { numbers: floats('expected-latent.f32'), perChunk: 2 * WIDTH, tolerance: 1e-4 },
  quantized: { numbers: floats('expected-quantized.f32'), perChunk: 2 * WIDTH, tolerance: 1e-5 },
  embedding: { numbers: floats('expected-upsampled.f32'), perChunk: 4 * WIDTH, tolerance: 1e-5 },
  logits: { numbers: floats('expected-logits.f32'), perChunk: 10, tolerance: 5e-5 },
  probabilities: { numbers: floats('expected-softmax.f32'), perChunk: 10, tolerance: 1e-5 },
} as const;

const CODES = integers('expected-codes.i32');

describe('the streaming networks', () => {
  let stages: Stage[];

  beforeAll(async () => {
    stages = await tinyStages(tinySources(), 2);
  });

  it('equal the reference at every stage, before and after the attention window is full', async () => {
    clear(stages);
    for (let chunk = 0; chunk < CHUNKS; chunk++) expectChunk(chunk, await runChunk(stages, input(chunk)));
  });

  it('begin anew after they were cleared, to the bit', async () => {
    const first: OnnxTensors[] = [];
    clear(stages);
    for (let chunk = 0; chunk < 12; chunk++) first.push(await runChunk(stages, input(chunk)));
    clear(stages);
    for (let chunk = 0; chunk < 12; chunk++) {
      const again = await runChunk(stages, input(chunk));
      for (const name of Object.keys(EXPECTED)) expect(again[name]!.data, name).toEqual(first[chunk]![name]!.data);
    }
  });
});

describe('every layer', () => {
  const index: { tensors: { name: string; chunk: number; shape: number[]; offset: number }[] } = JSON.parse(
    readFileSync(`${FIXTURES}/intermediates.json`, 'utf8'),
  );
  const recorded = floats('intermediates.f32');
  // Layer scale is part of the attention's last product here, so there is no value to compare with.
  const tensors = index.tensors.filter(({ name }) => !name.endsWith('.self_attn') && name !== 'downsample');

  it('equals the reference in chunks before and after the window is full', async () => {
    const stages = await tinyStages(tinySources(), 2, exposeAll);
    const last = Math.max(...tensors.map(({ chunk }) => chunk));
    const compared = new Set<string>();
    for (let chunk = 0; chunk <= last; chunk++) {
      const outputs = await runChunk(stages, input(chunk));
      for (const { name, shape, offset } of tensors.filter((tensor) => tensor.chunk === chunk)) {
        const found = name === 'upsample' ? outputs['embedding'] : outputs[`tap.${name}`];
        const expected = recorded.subarray(offset, offset + shape.reduce((a, b) => a * b));
        const isChannelsFirst = !name.includes('.layers.');
        const difference = worstOf(numbersOf(found!), isChannelsFirst ? channelsLast(expected, shape) : expected);
        expect(difference, `${name} in chunk ${chunk}`).toBeLessThan(5e-5);
        compared.add(name);
      }
    }
    expect(compared.size).toBe(new Set(tensors.map(({ name }) => name)).size);
    expect(last).toBeGreaterThan(4);
  });
});

function clear(stages: readonly Stage[]): void {
  for (const stage of stages) for (const row of [0, 1]) stage.clear(row);
}

function input(chunk: number): OnnxTensors {
  return { audio: audioTensor(inputChunk(chunk)) };
}

/** Only row 0 of logits was recorded: the pass in which channel 0 is the subject. */
function expectChunk(chunk: number, outputs: OnnxTensors): void {
  const codes = Array.from(outputs['codes']!.data as BigInt64Array, Number);
  expect(codes, `codes of chunk ${chunk}`).toEqual(Array.from(CODES.subarray(chunk * 16, chunk * 16 + 16)));
  for (const [name, { numbers, perChunk, tolerance }] of Object.entries(EXPECTED)) {
    const expected = numbers.subarray(chunk * perChunk, (chunk + 1) * perChunk);
    const difference = worstOf(numbersOf(outputs[name]!).subarray(0, perChunk), expected);
    expect(difference, `${name} of chunk ${chunk}`).toBeLessThan(tolerance);
  }
}

function worstOf(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0);
}

/** `[rows, channels, frames]` → `[rows, frames, channels]` */
function channelsLast(values: Float32Array, [rows, channels, frames = 1]: number[]): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows!; row++) {
    for (let channel = 0; channel < channels!; channel++) {
      for (let frame = 0; frame < frames; frame++) {
        out[(row * frames + frame) * channels! + channel] = values[(row * channels! + channel) * frames + frame]!;
      }
    }
  }
  return out;
}
