import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/core/prng.js';
import { Float64Codec, Float64Endpointer } from './float64.js';
import {
  audioTensor,
  floats,
  inputChunk,
  integers,
  numbersOf,
  runChunk,
  TINY,
  tinySources,
  tinyStages,
  WIDTH,
} from './tiny.js';

/** s. A stream of 600 takes half a minute: `TURNBENCH_DRIFT_S=600 npx vitest run test/models/mimi/drift.test.ts`. */
const STREAM_S = Number(process.env['TURNBENCH_DRIFT_S'] ?? 12);
const CHUNKS = Math.floor(STREAM_S / 0.08);
const SAMPLES = 1920;

/** Chunks after which nothing of a stream's beginning is left in the codec: two layers that see 4 chunks back each. */
const MEMORY_CHUNKS = 12;
const COMPARED_CHUNKS = 4;

/** Recorded speech, each time from another place and at another level, so that a long stream never repeats. */
function stream(): (chunk: number) => Float32Array {
  const recorded = floats('input.f32');
  const length = recorded.length / 2;
  return (chunk) => {
    const random = new Prng(chunk >> 3);
    const gain = random.between(0.1, 1.2);
    const from = random.int(length - 8 * SAMPLES) + (chunk & 7) * SAMPLES;
    const both = new Float32Array(2 * SAMPLES);
    for (const channel of [0, 1]) {
      const piece = recorded.subarray(channel * length + from, channel * length + from + SAMPLES);
      both.set(
        piece.map((x) => gain * x),
        channel * SAMPLES,
      );
    }
    return both;
  };
}

describe('double precision', () => {
  it('is the same model: it gives the recorded codes and latents', () => {
    const { mimi } = tinySources();
    const codes = integers('expected-codes.i32');
    const latents = floats('expected-latent.f32');
    for (const channel of [0, 1]) {
      const codec = new Float64Codec(mimi, TINY);
      for (let chunk = 0; chunk < 8; chunk++) {
        const audio = inputChunk(chunk).subarray(channel * SAMPLES, (channel + 1) * SAMPLES);
        const found = codec.chunk(audio);
        expect(found.codes).toEqual([...codes.subarray((2 * chunk + channel) * 8, (2 * chunk + channel + 1) * 8)]);
        const expected = latents.subarray((2 * chunk + channel) * WIDTH);
        expect(worst(found.latent, expected)).toBeLessThan(2e-5);
      }
    }
  });
});

describe(`a stream of ${STREAM_S} s`, () => {
  it('does not drift away from double precision', { timeout: 600_000 }, async () => {
    const sources = tinySources();
    const stages = await tinyStages(sources, 2);
    const audio = stream();
    const endpointer = new Float64Endpointer(sources.checkpoint, sources.endpointerDimensions);
    // The beginning, some places in between, the end.
    const sampled = [0, 0.3, 0.6, 1].map((part) => Math.round(part * (CHUNKS - MEMORY_CHUNKS - COMPARED_CHUNKS)));
    const codecs = new Map<number, Float64Codec[]>();
    const difference = { latent: 0, probabilities: 0, codes: 0 };
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const both = audio(chunk);
      const outputs = await runChunk(stages, { audio: audioTensor(both) });
      const embedding = numbersOf(outputs['embedding']!);
      const probabilities = numbersOf(outputs['probabilities']!);
      for (const frame of [0, 1]) {
        const of = (row: number) => embedding.subarray((2 * row + frame) * WIDTH, (2 * row + frame + 1) * WIDTH);
        const exact = endpointer.frame(of(0), of(1));
        difference.probabilities = Math.max(difference.probabilities, worst(exact, probabilities.subarray(5 * frame)));
      }
      const start = sampled.find((at) => chunk >= at && chunk < at + MEMORY_CHUNKS + COMPARED_CHUNKS);
      if (start === undefined) continue;
      const pair = codecs.get(start) ?? [0, 1].map(() => new Float64Codec(sources.mimi, TINY, 2 * start));
      codecs.set(start, pair);
      for (const [row, codec] of pair.entries()) {
        const exact = codec.chunk(both.subarray(row * SAMPLES, (row + 1) * SAMPLES));
        if (start > 0 && chunk < start + MEMORY_CHUNKS) continue;
        const latent = numbersOf(outputs['latent']!).subarray(row * WIDTH);
        difference.latent = Math.max(difference.latent, worst(exact.latent, latent));
        const codes = outputs['codes']!.data as BigInt64Array;
        difference.codes += exact.codes.filter((code, i) => code !== Number(codes[8 * row + i])).length;
      }
    }
    expect(codecs.size).toBe(sampled.length);
    expect(difference.latent).toBeLessThan(2e-5);
    expect(difference.probabilities).toBeLessThan(1e-5);
    // Nothing here keeps decisions away from ties, so a flip is possible; more than one would be no coincidence.
    expect(difference.codes).toBeLessThanOrEqual(1);
    if (process.env['TURNBENCH_DRIFT_S']) console.log(difference);
  });
});

function worst(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
}
