/** Many steps in one question: the answers, their places and their failures are those of single steps. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel, FloorDecision } from '../../src/core/model.js';
import { checkCausality } from '../../src/stream/causality.js';
import { driveConversation } from '../../src/stream/drive.js';
import { memoryAudio, noise } from '../helpers/samples.js';
import { energy, modelOf } from './models.js';

const STEP_SAMPLES = 160;

function audioOf(seconds: number) {
  const length = Math.floor(seconds * 8000);
  return memoryAudio(8000, noise(length, 1), noise(length, 2));
}

/** A model with memory. */
function single(): DiscriminativeModel {
  let smooth = 0;
  return modelOf((subject, other, step) => {
    smooth = (step === 0 ? 0 : smooth) * 0.5 + energy(subject) * (1 - energy(other.subarray(0, 20)));
    return { pFloor: Math.min(1, smooth / 1.2) };
  });
}

/** The same, answering `sizes` steps of what it is asked for, in turn. */
function inBlocks(model: DiscriminativeModel, sizes: readonly number[]): DiscriminativeModel & { asked: number[] } {
  const asked: number[] = [];
  const { step } = model;
  return {
    ...model,
    asked,
    step: () => {
      throw new Error('not to be asked for single steps');
    },
    async stepMany(subject, other) {
      const steps = subject.length / STEP_SAMPLES;
      const size = Math.min(steps, sizes[asked.length % sizes.length]!);
      asked.push(steps);
      const slot = (samples: Float32Array, i: number) => samples.slice(i * STEP_SAMPLES, (i + 1) * STEP_SAMPLES);
      return Array.from({ length: size }, (_, i) => step(slot(subject, i), slot(other, i)) as FloorDecision);
    },
  };
}

describe('many steps at once', () => {
  it('give the tracks of single steps, however many of them are answered at a time', async () => {
    const audio = audioOf(2.51);
    const { tracks } = await driveConversation(single(), audio);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
        expect((await driveConversation(inBlocks(single(), sizes), audio)).tracks).toEqual(tracks);
      }),
      { numRuns: 20 },
    );
  });

  it('are asked for again from the first step that has no answer yet', async () => {
    const model = inBlocks(single(), [30]);
    await driveConversation(model, audioOf(1.2));
    expect(model.asked).toEqual([50, 20, 10, 50, 20, 10]);
  });

  it('are never asked for where every step is timed', async () => {
    const model = { ...inBlocks(single(), [50]), step: single().step };
    await driveConversation(model, audioOf(1.2), { timer: { nowMs: () => 0, onStep: () => {} } });
    expect(model.asked).toEqual([]);
  });

  it('are found out when a later one shows in an earlier answer', async () => {
    const honest = inBlocks(single(), [50]);
    expect((await checkCausality(honest, audioOf(3))).violation).toBeUndefined();
    const peeking: DiscriminativeModel = {
      ...single(),
      stepMany: (subject) => Array.from({ length: subject.length / STEP_SAMPLES }, () => (subject.at(-1)! > 0 ? 1 : 0)),
    };
    expect((await checkCausality(peeking, audioOf(3))).violation).toBeDefined();
  });

  it('that fail are placed after those that were answered', async () => {
    let calls = 0;
    const stepMany = () => {
      if (++calls === 3) throw new Error('lost');
      return [0, 0, 0] as const;
    };
    await expect(driveConversation({ ...single(), stepMany }, audioOf(1))).rejects.toThrow(
      'step 6 (0.12 s), speaker 1 as subject: the model failed: lost',
    );
    const wrong = { ...single(), stepMany: () => [0, 0, 2] as never };
    await expect(driveConversation(wrong, audioOf(1))).rejects.toThrow('step 2 (0.04 s), speaker 1 as subject');
    const hanging = { ...single(), stepMany: () => new Promise<never>(() => {}) };
    await expect(driveConversation(hanging, audioOf(1), { stepDeadlineS: 0.05 })).rejects.toThrow('no answer within');
  });

  it.each([[[]], [[0, 0, 0, 0, 0, 0]], [undefined], [1]])('refuse what is no list of up to 5: %j', async (answer) => {
    const model = { ...single(), stepMany: () => answer as never };
    await expect(driveConversation(model, audioOf(0.1))).rejects.toThrow('did not answer a list of 1 to 5');
  });
});

describe('a model that makes itself ready', () => {
  it('is asked to before every conversation, and may take longer than an answer', async () => {
    let ready = 0;
    const model: DiscriminativeModel = {
      ...single(),
      ready: async () => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        ready++;
      },
    };
    await driveConversation(model, audioOf(0.1), { stepDeadlineS: 0.02 });
    await driveConversation(model, audioOf(0.1), { stepDeadlineS: 0.02 });
    expect(ready).toBe(2);
  });

  it('and cannot fails the conversation; whoever stops does not wait for it', async () => {
    const failing = { ...single(), ready: () => Promise.reject(new Error('no GPU')) };
    await expect(driveConversation(failing, audioOf(0.1))).rejects.toThrow(
      'before the first step: the model failed: no GPU',
    );
    const controller = new AbortController();
    const endless = { ...single(), ready: () => new Promise<void>(() => {}) };
    const driven = driveConversation(endless, audioOf(0.1), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(driven).rejects.toThrow('enough');
  });
});
