import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/core/prng.js';
import { measureRms } from '../../src/dsp/rms.js';
import { energyVad, speechProbability } from '../../src/models/energy-vad.js';
import { bothPasses, pass } from './listening.js';

const level = fc.double({ min: 0, max: 1, noNaN: true });
const threshold = fc.double({ min: 1e-6, max: 0.999, noNaN: true });

describe('rms', () => {
  it('is the root of the mean square', () => {
    expect(rms(Float32Array.of(3, 4))).toBe(Math.sqrt(12.5));
    expect(rms(Float32Array.of(0.5, -0.5, 0.5, -0.5))).toBe(0.5);
    expect(rms(new Float32Array(320))).toBe(0);
  });

  it('takes every sample once, whatever the length of the step', () => {
    for (let n = 1; n <= 40; n++) {
      const samples = Float32Array.from({ length: n }, (_, i) => i + 1);
      // 1² + 2² + … + n² = n(n+1)(2n+1)/6
      expect(rms(samples)).toBe(Math.sqrt((n * (n + 1) * (2 * n + 1)) / 6 / n));
    }
  });
});

describe('speechProbability', () => {
  it('exceeds one half exactly when the level exceeds the threshold', () => {
    fc.assert(
      fc.property(level, threshold, (rmsLevel, t) => {
        const p = speechProbability(rmsLevel, t);
        expect(p > 0.5).toBe(rmsLevel > t);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('holds at the threshold itself and at its neighbours, where rounding blurs', () => {
    fc.assert(
      fc.property(threshold, (t) => {
        expect(speechProbability(t, t)).toBe(0.5);
        expect(speechProbability(t * (1 + 2 ** -52), t)).toBeGreaterThan(0.5);
        expect(speechProbability(t * (1 - 2 ** -53), t)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it('grows with the level and spans ±25.6 dB from 0.05 to 0.95', () => {
    expect(speechProbability(0.01 * 19, 0.01)).toBeCloseTo(0.95, 12);
    expect(speechProbability(0.01 / 19, 0.01)).toBeCloseTo(0.05, 12);
    expect(20 * Math.log10(19)).toBeCloseTo(25.6, 1);
  });
});

describe('energy-vad', () => {
  it('holds the floor exactly in the windows whose RMS exceeds the threshold', async () => {
    // windows:  quiet  loud  at the threshold  just above  silent
    const levels = [0.001, 0.5, 0.0078125, 0.0078126, 0];
    const model = await energyVad.loadModel({ threshold: 0.0078125 });
    const p = await pass(model, windows(levels), windows([0.9, 0.9, 0.9, 0.9, 0.9]));
    expect(p.map((value) => value > 0.5)).toEqual([false, true, false, true, false]);
  });

  it('holds it hang_over_s longer', async () => {
    const model = await energyVad.loadModel({ hang_over_s: 0.06 });
    const p = await pass(model, windows([0, 0.5, 0, 0, 0.5, 0, 0, 0, 0, 0]), windows(new Array(10).fill(0)));
    expect(p.map((value) => (value > 0.5 ? 1 : 0))).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('answers both passes at once as it answers them apart', async () => {
    const prng = new Prng(1);
    const [a, b] = [noise(prng, 8_000), noise(prng, 8_000)];
    for (const options of [{}, { hang_over_s: 0.1 }]) {
      const model = await energyVad.loadModel(options);
      const apart = [await pass(model, a, b), await pass(model, b, a)];
      expect(await bothPasses(model, a, b)).toEqual(apart);
      expect(model.step(a.subarray(0, 320), b.subarray(0, 320))).not.toBeInstanceOf(Promise);
      expect(model.stepBoth?.(a.subarray(0, 320), b.subarray(0, 320))).not.toBeInstanceOf(Promise);
    }
  });

  it('forgets on reset', async () => {
    const model = await energyVad.loadModel({ hang_over_s: 1 });
    const loud = windows([0.5, 0.5]);
    const quiet = windows([0, 0]);
    await pass(model, loud, loud);
    expect(await pass(model, quiet, quiet)).toEqual([0, 0]);
    expect(await bothPasses(model, quiet, quiet)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('listens at the rate it is given', async () => {
    const model = await energyVad.loadModel({ rate: 44_100 });
    expect(model.inputSampleRate).toBe(44_100);
    expect(model.step(new Float32Array(882).fill(0.5), new Float32Array(882))).toEqual({ pFloor: 0.5 / 0.51 });
  });

  it('refuses a rate without whole steps', async () => {
    await expect(energyVad.loadModel({ rate: 22_051 })).rejects.toThrow(
      "'rate' must be a whole number ≥ 8000 and ≤ 192000, a multiple of 50 (Hz); it is 22051",
    );
  });
});

/** One constant window of 20 ms at 16 kHz per level. */
function windows(levels: readonly number[]): Float32Array {
  return Float32Array.from({ length: levels.length * 320 }, (_, i) => levels[Math.floor(i / 320)]!);
}

function noise(prng: Prng, length: number): Float32Array {
  return Float32Array.from({ length }, () => prng.between(-0.02, 0.02));
}

function rms(samples: Float32Array): number {
  const into = new Float64Array(1);
  measureRms(samples, into, 0);
  return into[0]!;
}
