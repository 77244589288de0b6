import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAdapter } from '../../src/models/adapter.js';

const adapter = defineAdapter({
  name: 'example',
  inputSampleRate: 16_000,
  latency: 'none',
  weights: [],
  options: {
    threshold: z.number().gt(0).lt(1).default(0.5).meta({ description: 'operating point' }),
    hold_s: z.number().min(0).default(0).meta({ description: 'hang-over', unit: 's' }),
    seed: z.number().int().default(0).meta({ description: 'which sequence' }),
    verbose: z.boolean().default(false).meta({ description: 'say more' }),
    file: z.string().optional().meta({ description: 'a path' }),
  },
  load: (options) => ({ inputSampleRate: 16_000, reset() {}, step: () => ({ pFloor: options.threshold }) }),
});

describe('defineAdapter', () => {
  it('fills in defaults', async () => {
    const model = await adapter.loadModel({ hold_s: 1 });
    expect(model.step(new Float32Array(), new Float32Array())).toEqual({ pFloor: 0.5 });
  });

  it('describes each option with type, range, unit, default and meaning', () => {
    expect(adapter.options).toEqual([
      { name: 'threshold', accepts: 'a number > 0 and < 1', defaultValue: 0.5, meaning: 'operating point' },
      { name: 'hold_s', accepts: 'a number ≥ 0 (s)', defaultValue: 0, meaning: 'hang-over' },
      { name: 'seed', accepts: 'a whole number', defaultValue: 0, meaning: 'which sequence' },
      { name: 'verbose', accepts: 'true or false', defaultValue: false, meaning: 'say more' },
      { name: 'file', accepts: 'text', meaning: 'a path' },
    ]);
  });

  it('reports all wrong options at once and says which there are', async () => {
    const error = await adapter.loadModel({ treshold: 0.6, hold_s: -1, seed: 0.5, verbose: 1 }).catch((e) => e);
    expect(error.name).toBe('UserError');
    expect(error.message.split('\n').sort()).toEqual([
      "  - 'hold_s' must be a number ≥ 0 (s); it is -1",
      "  - 'seed' must be a whole number; it is 0.5",
      "  - 'verbose' must be true or false; it is 1",
      "  - unknown option 'treshold': did you mean 'threshold'?",
      'options of example: 4 problems',
    ]);
    expect(error.hint).toMatch(/^options: threshold \(operating point\); hold_s \(hang-over\)/);
  });
});
