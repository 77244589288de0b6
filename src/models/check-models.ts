/**
 * Models that do not listen: what any score should be compared with, and what a harness should get right. `never` and
 * `always` answer a bare bit; `random` answers a probability, so that it can be swept.
 */

import { z } from 'zod';
import type { DiscriminativeModel, FloorDecision } from '../core/model.js';
import { Prng } from '../core/prng.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import { type Adapter, defineAdapter } from './adapter.js';

/** Hz. The most common rate of data sets: nobody listens, so nothing should be resampled. */
const RATE = 16_000;

const FACTS = { inputSampleRate: RATE, latency: 'none', weights: [] };

export const never = constantModel('never', 0);
export const always = constantModel('always', 1);

/** A new uniform P every `hold_s`. Every pass gets the same sequence, whoever is the subject. */
export const random = defineAdapter({
  ...FACTS,
  name: 'random',
  options: {
    seed: z.number().int().default(0).meta({ description: 'which random sequence' }),
    hold_s: z.number().min(0.02).max(3600).default(0.5).meta({
      description: 'how long each random answer is kept, in whole steps of 0.02 s',
      unit: 's',
    }),
  },
  load({ seed, hold_s }): DiscriminativeModel {
    const holdSteps = Math.round(hold_s * STEPS_PER_SECOND);
    let prng = new Prng(seed);
    let age = 0;
    let answer: FloorDecision = { pFloor: 0 };
    function step(): FloorDecision {
      if (age === 0) answer = { pFloor: prng.float() };
      age = (age + 1) % holdSteps;
      return answer;
    }
    return {
      inputSampleRate: RATE,
      reset() {
        prng = new Prng(seed);
        age = 0;
      },
      step,
      stepBoth() {
        const both = step();
        return [both, both];
      },
    };
  },
});

function constantModel(name: string, bit: 0 | 1): Adapter {
  return defineAdapter({
    ...FACTS,
    name,
    options: {},
    load: () => ({
      inputSampleRate: RATE,
      reset() {},
      step: () => bit,
      stepBoth: () => [bit, bit],
    }),
  });
}
