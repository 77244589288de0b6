import { describe, expect, it } from 'vitest';
import { always, never, random } from '../../src/models/check-models.js';
import { bothPasses, pass } from './listening.js';

// 10 s at 8 kHz
const silence = new Float32Array(80_000);

describe('check models', () => {
  it('never and always give bare bits', async () => {
    const [zero, one] = [await never.loadModel({}), await always.loadModel({})];
    expect(zero.step(silence, silence)).toBe(0);
    expect(one.step(silence, silence)).toBe(1);
    expect(zero.stepBoth?.(silence, silence)).toEqual([0, 0]);
    expect(one.stepBoth?.(silence, silence)).toEqual([1, 1]);
  });

  it('have no options but those of random', async () => {
    await expect(never.loadModel({ seed: 1 })).rejects.toMatchObject({ hint: 'never has no options' });
  });

  it('random keeps each answer for hold_s', async () => {
    const model = await random.loadModel({ hold_s: 0.1 });
    const p = await pass(model, silence, silence);
    const held = p.filter((_, i) => i % 5 === 0);
    expect(p).toEqual(held.flatMap((value) => new Array(5).fill(value)));
    expect(new Set(held).size).toBe(50);
  });

  it('random is spread evenly over [0, 1)', async () => {
    const p = await pass(await random.loadModel({ hold_s: 0.02 }), silence, silence);
    const mean = p.reduce((a, b) => a + b) / p.length;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
    expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...p)).toBeLessThan(1);
  });

  it('random repeats itself in every pass, alone or both at once, and differs by seed', async () => {
    const model = await random.loadModel({ seed: 7 });
    const first = await pass(model, silence, silence);
    expect(await pass(model, silence, silence)).toEqual(first);
    expect(await bothPasses(model, silence, silence)).toEqual([first, first]);
    expect(await pass(await random.loadModel({ seed: 8 }), silence, silence)).not.toEqual(first);
  });
});
