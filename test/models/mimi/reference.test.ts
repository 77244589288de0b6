import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Stage } from '../../../src/models/mimi/stages.js';
import { CHUNKS, floats, inputChunk, integers, runChunk, tinySources, tinyStages, WIDTH } from './tiny.js';

// Recorded by the public moshi package, one call per 80 ms (its origin is beside the fixtures).
const EXPECTED = {
  latent: { file: 'expected-latent.f32', perRow: WIDTH, tolerance: 1e-4 },
  quantized: { file: 'expected-quantized.f32', perRow: WIDTH, tolerance: 1e-5 },
  embedding: { file: 'expected-upsampled.f32', perRow: 2 * WIDTH, tolerance: 1e-5 },
} as const;

async function worst(stages: readonly Stage[]): Promise<Record<string, number>> {
  const difference: Record<string, number> = { codes: 0, latent: 0, quantized: 0, embedding: 0, logits: 0, softmax: 0 };
  const note = (key: string, value: number) => {
    difference[key] = Math.max(difference[key]!, value);
  };
  const expected = Object.fromEntries(Object.entries(EXPECTED).map(([key, { file }]) => [key, floats(file)]));
  const [codes, logits, softmax] = [
    integers('expected-codes.i32'),
    floats('expected-logits.f32'),
    floats('expected-softmax.f32'),
  ];
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const out = await runChunk(stages, { audio: new Tensor('float32', inputChunk(chunk), [2, 1920]) });
    for (const [key, { perRow }] of Object.entries(EXPECTED)) {
      const at = chunk * 2 * perRow;
      (out[key]!.data as Float32Array).forEach((value, i) => note(key, Math.abs(value - expected[key]![at + i]!)));
    }
    (out['codes']!.data as BigInt64Array).forEach((code, i) =>
      note('codes', Math.abs(Number(code) - codes[chunk * 16 + i]!)),
    );
    for (let i = 0; i < 10; i++) {
      note('logits', Math.abs((out['logits']!.data as Float32Array)[i]! - logits[chunk * 10 + i]!));
      note('softmax', Math.abs((out['probabilities']!.data as Float32Array)[i]! - softmax[chunk * 10 + i]!));
    }
  }
  return difference;
}

describe('the streaming networks', () => {
  it('equal the reference', async () => {
    const d = await worst(await tinyStages(tinySources(), 2));
    console.log(d);
    expect(d['codes']).toBe(0);
  });
});
