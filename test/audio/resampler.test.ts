import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseBank } from '../../src/audio/lowpass.js';
import { Resampler } from '../../src/audio/resampler.js';
import { firstDifference, noise } from '../helpers/samples.js';

const COMMON: readonly (readonly [number, number])[] = [
  [48_000, 16_000],
  [44_100, 16_000],
  [24_000, 16_000],
  [16_000, 24_000],
  [8000, 16_000],
  [11_025, 16_000],
];

const rates = fc.constantFrom(...COMMON, [22_050, 24_000] as const, [16_000, 8000] as const, [7919, 8000] as const);

/** Output for `input` given in pieces of the given sizes, the last one repeated. */
function resample(
  from: number,
  to: number,
  input: Float32Array,
  pieces: readonly number[] = [input.length],
): Float32Array {
  const resampler = new Resampler(from, to);
  const output = new Float32Array(Math.ceil((input.length * to) / from) + 8);
  let written = 0;
  for (let at = 0, k = 0; at < input.length; k++) {
    const size = Math.max(1, pieces[Math.min(k, pieces.length - 1)] as number);
    written += resampler.process(input.subarray(at, at + size), output.subarray(written));
    at += size;
  }
  return output.slice(0, written);
}

describe('length', () => {
  it('is exactly ceil(n·L/M), at any ratio', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 10_000 }), ([from, to], length) => {
        expect(resample(from, to, new Float32Array(length)).length).toBe(Math.ceil((length * to) / from));
      }),
      { numRuns: 60 },
    );
  });

  it('does not drift: after whole seconds it stands where it began', () => {
    const resampler = new Resampler(11_025, 8000);
    const second = new Float32Array(11_025);
    const room = new Float32Array(8001);
    let written = 0;
    for (let i = 0; i < 20; i++) written += resampler.process(second, room);

    expect(written).toBe(20 * 8000);
    for (const count of [1, 2, 3, 8000]) {
      expect(resampler.inputFor(count)).toBe(new Resampler(11_025, 8000).inputFor(count));
    }
  });

  it('is announced: inputFor gives the least input that completes an output', () => {
    fc.assert(
      fc.property(rates, fc.nat(500), fc.integer({ min: 1, max: 500 }), ([from, to], before, count) => {
        const resampler = new Resampler(from, to);
        const done = resampler.process(new Float32Array(before), new Float32Array(before * 4 + 4));
        const needed = resampler.inputFor(count);
        const out = new Float32Array(count);
        if (needed > 0) expect(resampler.process(new Float32Array(needed - 1), out)).toBeLessThan(count);
        expect(Math.ceil(((before + needed) * to) / from)).toBeGreaterThanOrEqual(done + count);
      }),
      { numRuns: 60 },
    );
  });

  it('is kept by refusing input whose output has no room', () => {
    expect(() => new Resampler(48_000, 16_000).process(new Float32Array(4), new Float32Array(1))).toThrow(RangeError);
    expect(new Resampler(48_000, 16_000).process(new Float32Array(3), new Float32Array(1))).toBe(1);
  });
});

describe('streaming', () => {
  it('gives the same bits whole and in pieces of any size', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(rates, pieces, fc.integer({ min: 1, max: 10_000 }), ([from, to], sizes, length) => {
        const input = noise(length, length);
        expect(firstDifference(resample(from, to, input, sizes), resample(from, to, input))).toBe(-1);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps due outputs until there is room', () => {
    const input = noise(200, 3);
    const whole = resample(8000, 24_000, input);
    const resampler = new Resampler(8000, 24_000);
    const got: number[] = [];
    const out = new Float32Array(7);
    for (let at = 0; got.length < whole.length; ) {
      const needed = Math.min(resampler.inputFor(out.length), input.length - at);
      got.push(...out.subarray(0, resampler.process(input.subarray(at, at + needed), out)));
      at += needed;
    }

    expect(Float32Array.from(got)).toEqual(whole);
  });

  it('never lets two resamplers of one ratio touch each other', () => {
    const inputs = [noise(3000, 1), noise(3000, 2)] as const;
    const both = inputs.map(() => new Resampler(24_000, 16_000));
    const got: number[][] = [[], []];
    const out = new Float32Array(1000);
    for (let at = 0; at < 3000; at += 300) {
      both.forEach((resampler, k) => {
        got[k]?.push(...out.subarray(0, resampler.process(inputs[k as 0 | 1].subarray(at, at + 300), out)));
      });
    }

    expect(got.map((samples) => Float32Array.from(samples))).toEqual(
      inputs.map((input) => resample(24_000, 16_000, input)),
    );
  });
});

describe('causality', () => {
  it('never lets input from moment t on change an output before t', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 4000 }), ([from, to], changed) => {
        const input = noise(4001, 1);
        const other = input.slice();
        for (let i = changed; i < other.length; i++) other[i] = -(other[i] as number) + 0.5;
        const first = firstDifference(resample(from, to, input), resample(from, to, other));
        // Output n stands for the moment n / to, input k for k / from. The very last inputs weigh next to nothing.
        if (first !== -1) expect(first * from).toBeGreaterThanOrEqual(changed * to);
      }),
      { numRuns: 60 },
    );
  });

  it('pays for it with the delay that it states', () => {
    for (const [from, to] of COMMON) {
      const { delayS } = new Resampler(from, to);
      const hz = 0.05 * Math.min(from, to);
      const phase = new Tone(hz, to, resample(from, to, tone(hz, from, from))).phase;
      const turns = -phase / (2 * Math.PI) - hz * delayS;
      expect(Math.abs(turns - Math.round(turns)) / hz, `${from} → ${to}, s`).toBeLessThan(1e-8);
      expect(delayS).toBeCloseTo(52 / Math.min(from, to), 4);
    }
  });
});

describe('quality', () => {
  it.each(COMMON)('is flat within 0.1 dB up to 90 %% of the lower Nyquist frequency: %d → %d', (from, to) => {
    const nyquist = Math.min(from, to) / 2;
    for (const part of [0.001, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.88, 0.9]) {
      const hz = part * nyquist;
      const { decibels } = new Tone(hz, to, resample(from, to, tone(hz, from, from)));
      expect(Math.abs(decibels), `${hz} Hz`).toBeLessThan(0.1);
    }
  });

  it.each(COMMON.filter(([from, to]) => from > to))('folds nothing back above -90 dB: %d → %d', (from, to) => {
    for (let part = 1.0005; part * to < from; part *= 1.07) {
      const output = resample(from, to, tone((part * to) / 2, from, from));
      expect(rmsDecibels(output), `${(part * to) / 2} Hz`).toBeLessThan(-90);
    }
  });

  it.each(COMMON.filter(([from, to]) => from < to))('leaves no image above -90 dB: %d → %d', (from, to) => {
    for (const part of [0.01, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.9995]) {
      const hz = (part * from) / 2;
      const output = resample(from, to, tone(hz, from, from));
      expect(rmsDecibels(new Tone(hz, to, output).rest), `${hz} Hz`).toBeLessThan(-90);
    }
  });

  it('holds at every frequency, read off the filter itself', () => {
    for (const [from, to] of [...COMMON, [7919, 8000], [96_000, 16_000]] as const) {
      const { up, taps, coefficients } = phaseBank(from, to);
      const prototype = new Float64Array(up * taps);
      for (let phase = 0; phase < up; phase++) {
        for (let age = 0; age < taps; age++) {
          prototype[phase + age * up] = (coefficients[phase * taps + taps - 1 - age] as number) / up;
        }
      }
      const gain = (hz: number) => 20 * Math.log10(magnitude(prototype, hz / (from * up)));
      const nyquist = Math.min(from, to) / 2;
      const pass = Array.from({ length: 19 }, (_, i) => gain((nyquist * 0.9 * i) / 18));
      // Sidelobes are a lower-rate period / 104 apart: four points on each of the first ones, then a coarse sweep.
      const near = Array.from({ length: 60 }, (_, i) => gain(nyquist * (1 + i / 208)));
      const far = Array.from({ length: 40 }, (_, i) =>
        gain(nyquist * 1.3 + ((from * up) / 2 - nyquist * 1.3) * (i / 40)),
      );

      expect(Math.max(...pass.map(Math.abs)), `${from} → ${to}, pass band`).toBeLessThan(0.07);
      expect(Math.max(...near, ...far), `${from} → ${to}, stop band`).toBeLessThan(-92);
    }
  });

  it('leaves a constant that constant', () => {
    for (const [from, to] of COMMON) {
      const output = resample(from, to, new Float32Array(from).fill(0.5)).subarray(to / 2);
      expect(Math.max(...output.map((value) => Math.abs(value - 0.5))), `${from} → ${to}`).toBeLessThan(1e-6);
    }
  });
});

describe('rates', () => {
  it('with a huge filter still work up to a limit, beyond which they are refused', () => {
    expect(resample(8009, 8000, new Float32Array(8009)).length).toBe(8000);
    expect(() => new Resampler(191_999, 48_001)).toThrow(
      /resampling from 191999 to 48001 Hz would need \d+ filter taps/,
    );
  });

  it('must be whole numbers', () => {
    expect(() => new Resampler(44_100.5, 16_000)).toThrow('sample rate 44100.5 Hz is not a positive whole number');
    expect(() => new Resampler(44_100, 0)).toThrow('sample rate 0 Hz is not a positive whole number');
  });
});

function tone(hz: number, rate: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));
}

/** Level relative to a full-scale sine, of the second half: the filter has settled. */
function rmsDecibels(samples: Float32Array): number {
  const half = samples.subarray(samples.length / 2);
  const power = half.reduce((sum, value) => sum + value * value, 0) / half.length;
  return 10 * Math.log10(2 * power);
}

/** The sine of one frequency in a signal, by least squares over its second half, and what is left without it. */
class Tone {
  readonly decibels: number;
  readonly phase: number;
  readonly rest: Float32Array;

  constructor(hz: number, rate: number, samples: Float32Array) {
    const [sine, cosine] = fit(hz, rate, samples, Math.floor(samples.length / 2));
    this.decibels = 20 * Math.log10(Math.hypot(sine, cosine));
    this.phase = Math.atan2(cosine, sine);
    const angle = (2 * Math.PI * hz) / rate;
    this.rest = samples.map((value, i) => value - sine * Math.sin(angle * i) - cosine * Math.cos(angle * i));
  }
}

function fit(hz: number, rate: number, samples: Float32Array, from: number): [number, number] {
  let [ss, sc, cc, sy, cy] = [0, 0, 0, 0, 0];
  for (let i = from; i < samples.length; i++) {
    const s = Math.sin((2 * Math.PI * hz * i) / rate);
    const c = Math.cos((2 * Math.PI * hz * i) / rate);
    const y = samples[i] as number;
    ss += s * s;
    sc += s * c;
    cc += c * c;
    sy += s * y;
    cy += c * y;
  }
  const determinant = ss * cc - sc * sc;
  return [(sy * cc - cy * sc) / determinant, (cy * ss - sy * sc) / determinant];
}

/** |H| of an FIR filter at `turns` cycles per tap, with a rotating phasor. */
function magnitude(filter: Float64Array, turns: number): number {
  const turnReal = Math.cos(2 * Math.PI * turns);
  const turnImaginary = Math.sin(2 * Math.PI * turns);
  let [phasorReal, phasorImaginary, real, imaginary] = [1, 0, 0, 0];
  for (let i = 0; i < filter.length; i++) {
    real += (filter[i] as number) * phasorReal;
    imaginary += (filter[i] as number) * phasorImaginary;
    const next = phasorReal * turnReal - phasorImaginary * turnImaginary;
    phasorImaginary = phasorReal * turnImaginary + phasorImaginary * turnReal;
    phasorReal = next;
  }
  return Math.hypot(real, imaginary);
}
