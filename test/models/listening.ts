import { readFileSync } from 'node:fs';
import type { DiscriminativeModel, FloorDecision } from '../../src/core/model.js';
import { samplesPerStep } from '../../src/core/time.js';

/** 19.2 s of synthetic speech with pauses, quiet and noisy stretches, 16 kHz. */
export function speech(): Float32Array {
  const bytes = readFileSync(new URL('../fixtures/silero/speech-16k.wav', import.meta.url));
  const samples = new Float32Array((bytes.length - 44) / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(44 + 2 * i) / 32_768;
  return samples;
}

/** One pass over both channels, in reused step buffers as the harness does it. */
export async function pass(model: DiscriminativeModel, subject: Float32Array, other: Float32Array) {
  // Read at once: a model may reuse the object in which it answers.
  const answers: number[] = [];
  await overSteps(model, subject, other, async (a, b) => answers.push(pFloorOf(await model.step(a, b))));
  return answers;
}

/** Both passes through `stepBoth`. */
export async function bothPasses(model: DiscriminativeModel, speaker1: Float32Array, speaker2: Float32Array) {
  const answers: [number[], number[]] = [[], []];
  await overSteps(model, speaker1, speaker2, async (a, b) => {
    for (const [i, answer] of (await model.stepBoth!(a, b)).entries()) answers[i]!.push(pFloorOf(answer));
  });
  return answers;
}

/** The probability, or the bit as a number. */
function pFloorOf(decision: FloorDecision): number {
  if (typeof decision === 'number') return decision;
  if ('pFloor' in decision) return decision.pFloor;
  throw new Error('these models answer no lists of bits');
}

async function overSteps(
  model: DiscriminativeModel,
  a: Float32Array,
  b: Float32Array,
  step: (a: Float32Array, b: Float32Array) => Promise<unknown>,
) {
  const size = samplesPerStep(model.inputSampleRate);
  const buffers = [new Float32Array(size), new Float32Array(size)] as const;
  await model.reset();
  for (let at = 0; at + size <= a.length; at += size) {
    buffers[0].set(a.subarray(at, at + size));
    buffers[1].set(b.subarray(at, at + size));
    await step(...buffers);
    buffers[0].fill(Number.NaN);
    buffers[1].fill(Number.NaN);
  }
}
