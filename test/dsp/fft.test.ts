import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/core/prng.js';
import { complexFft } from '../../src/dsp/fft.js';

/** The definition, Σ x[n]·exp(−2πi·k·n / N). */
function dft(re: Float64Array, im: Float64Array) {
  const { length } = re;
  return Array.from(re, (_, k) => {
    const sum = { re: 0, im: 0 };
    for (let n = 0; n < length; n++) {
      const angle = (-2 * Math.PI * ((k * n) % length)) / length;
      sum.re += re[n]! * Math.cos(angle) - im[n]! * Math.sin(angle);
      sum.im += re[n]! * Math.sin(angle) + im[n]! * Math.cos(angle);
    }
    return sum;
  });
}

describe('complexFft', () => {
  for (const length of [1, 4, 5, 16, 20, 25, 100, 400]) {
    it(`is the Fourier transform of ${length} numbers`, () => {
      const prng = new Prng(length);
      const fft = complexFft(length);
      for (let n = 0; n < length; n++) {
        fft.re[n] = prng.between(-1, 1);
        fft.im[n] = prng.between(-1, 1);
      }
      const expected = dft(fft.re, fft.im);
      fft.transform();
      for (const [k, { re, im }] of expected.entries()) {
        expect(fft.re[k]).toBeCloseTo(re, 11);
        expect(fft.im[k]).toBeCloseTo(im, 11);
      }
    });
  }

  it('refuses lengths it has no passes for', () => {
    expect(() => complexFft(8)).toThrow('no transform of length 8');
    expect(() => complexFft(12)).toThrow('only products of 4 and 5');
  });
});
