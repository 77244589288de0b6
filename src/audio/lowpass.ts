/**
 * The low-pass filter between two sample rates, cut into the phases of a rational resampler.
 *
 * A sinc windowed by Kaiser, sampled at the common multiple `L·in = M·out` of both rates. Its length is 104 periods of
 * the lower rate; window and cut-off were chosen by search so that, measured on the finished filter,
 *   - up to 90 % of the lower Nyquist frequency the gain is within 0.07 dB of one (demanded: 0.1),
 *   - from the lower Nyquist frequency on it is below -93 dB (demanded: -90): nothing folds back and no image remains.
 */

import { UserError } from '../core/errors.js';

export interface PhaseBank {
  /** L: output samples per M input samples, in lowest terms. Also the number of phases. */
  readonly up: number;
  /** M. */
  readonly down: number;
  /** Taps per phase, a multiple of 8. */
  readonly taps: number;
  /** `[up, taps]`, oldest input first; every phase sums to 1, so that a constant stays that constant. */
  readonly coefficients: Float32Array;
  /** Group delay, s: half the length of the filter. */
  readonly delayS: number;
}

/** Half the filter's length, in periods of the lower rate. */
const HALF_LENGTH = 52;
const KAISER_BETA = 9.3;
/** Middle of the transition band, as a fraction of the lower Nyquist frequency. */
const CUT_OFF = 0.942;
/** 32 MiB. */
const MOST_COEFFICIENTS = 8 * 1024 * 1024;

/** @throws UserError when the rates are not whole numbers, or have so little in common that the filter would be huge. */
export function phaseBank(inputRateHz: number, outputRateHz: number): PhaseBank {
  for (const rate of [inputRateHz, outputRateHz]) {
    if (!Number.isInteger(rate) || rate <= 0)
      throw new UserError(`sample rate ${rate} Hz is not a positive whole number`);
  }
  const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
  const up = outputRateHz / divisor;
  const down = inputRateHz / divisor;
  /** Periods of the common rate in one of the lower rate. */
  const spacing = Math.max(up, down);
  const length = 2 * HALF_LENGTH * spacing;
  const taps = 8 * Math.ceil(length / up / 8);
  if (up * taps > MOST_COEFFICIENTS) {
    throw new UserError(`resampling from ${inputRateHz} to ${outputRateHz} Hz would need ${up * taps} filter taps`, {
      hint: 'convert the audio to a common rate first, for example: sox INPUT.wav -r 16000 OUTPUT.wav',
    });
  }
  const coefficients = new Float32Array(up * taps);
  const row = new Float64Array(taps);
  const centre = (length - 1) / 2;
  for (let phase = 0; phase < up; phase++) {
    row.fill(0);
    // Tap `age` multiplies the input sample that is `age` samples old.
    for (let age = 0, k = phase; k < length; age++, k += up) {
      const periods = (k - centre) / spacing;
      row[taps - 1 - age] = sinc(CUT_OFF * periods) * kaiser((k - centre) / (length / 2));
    }
    const sum = row.reduce((total, value) => total + value, 0);
    for (let i = 0; i < taps; i++) coefficients[phase * taps + i] = (row[i] as number) / sum;
  }
  return { up, down, taps, coefficients, delayS: centre / (up * inputRateHz) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window, up to a constant factor. @param x -1 to 1 from end to end. */
function kaiser(x: number): number {
  return besselI0(KAISER_BETA * Math.sqrt(1 - x * x));
}

/** Modified Bessel function of the first kind and order zero, by its power series: all terms are positive. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
