/**
 * A streaming, causal, rational resampler for one channel: polyphase, one dot product per output sample.
 *
 * Input sample `k` stands for the moment k / in, output sample `n` for n / out. Output `n` is computed from inputs of
 * moments up to n / out and no later, because a model must never see audio from after the end of its step. The usual
 * way, shifting the output back by the filter's group delay, would be a look-ahead of that delay. Here the delay is
 * paid: the output starts with silence and everything comes late by 52 periods of the lower rate,
 *
 *   48 → 16 kHz  3.24 ms     44.1 → 16 kHz  3.25 ms     24 → 16 kHz  3.24 ms
 *   16 → 24 kHz  3.24 ms     8 → 16 kHz     6.47 ms
 *
 * (`delayS` has the exact value), and the last few milliseconds of the input never come out. In return the length is
 * exact, ceil(n·L/M) output samples for n input samples, without a flush, and nothing drifts: positions are whole
 * numbers. The delay is a sixth of a step at 16 kHz.
 *
 * The output is the same to the bit whether the input comes whole or in pieces of any size: every output sample is the
 * same sum in the same order.
 */

import { type DotProduct, dotProduct } from './dot.js';
import { type PhaseBank, phaseBank } from './lowpass.js';

/** Input samples worked on at a time. */
const PIECE = 8192;

export class Resampler {
  /** How late the output is, s. */
  readonly delayS: number;
  readonly #kernel: Kernel;
  /** The last inputs, as many as one output needs; silence before the first. */
  readonly #history: Float32Array;
  /** The newest input that the next output needs, counted from the start of the history, and its phase. */
  #newest: number;
  #phase = 0;

  /** @throws UserError when the rates are not whole numbers or would need a huge filter. */
  constructor(inputRateHz: number, outputRateHz: number) {
    this.#kernel = kernelFor(inputRateHz, outputRateHz);
    const { taps, delayS } = this.#kernel.bank;
    this.delayS = delayS;
    this.#history = new Float32Array(taps);
    this.#newest = taps;
  }

  /** Input samples that must still come before the next `count` output samples are complete. */
  inputFor(count: number): number {
    const { up, down, taps } = this.#kernel.bank;
    const newest = this.#newest + Math.floor((this.#phase + (count - 1) * down) / up);
    return count === 0 ? 0 : Math.max(0, newest + 1 - taps);
  }

  /**
   * Take all of `input` and write the output samples that are complete, as many as `output` has room for.
   * @returns samples written.
   * @throws RangeError when `input` completes more than `output` has room for; up to `inputFor(output.length)` never does.
   */
  process(input: Float32Array, output: Float32Array): number {
    const most = Math.max(this.inputFor(output.length), this.inputFor(output.length + 1) - 1);
    if (input.length > most) throw new RangeError('more input than the output has room for');
    const { taps } = this.#kernel.bank;
    const { window } = this.#kernel.product;
    let taken = 0;
    let written = 0;
    do {
      const piece = input.subarray(taken, taken + PIECE);
      window.set(this.#history);
      window.set(piece, taps);
      written = this.#produce(output, written, taps + piece.length);
      this.#history.set(window.subarray(piece.length, piece.length + taps));
      this.#newest -= piece.length;
      taken += piece.length;
    } while (taken < input.length);
    return written;
  }

  /** @returns `written`, advanced by the outputs that need none but the first `filled` samples of the window. */
  #produce(output: Float32Array, written: number, filled: number): number {
    const { up, down, taps } = this.#kernel.bank;
    const { product } = this.#kernel;
    const whole = Math.floor(down / up);
    const rest = down % up;
    let newest = this.#newest;
    let phase = this.#phase;
    let n = written;
    for (; n < output.length && newest < filled; n++) {
      output[n] = product.dot(phase, newest - taps + 1);
      newest += whole;
      phase += rest;
      if (phase >= up) {
        phase -= up;
        newest++;
      }
    }
    this.#newest = newest;
    this.#phase = phase;
    return n;
  }
}

interface Kernel {
  readonly bank: PhaseBank;
  readonly product: DotProduct;
}

/** Both channels, both passes and all conversations of a run share one kernel: nothing stays in its window. */
const kernels = new Map<string, Kernel>();

function kernelFor(inputRateHz: number, outputRateHz: number): Kernel {
  const key = `${inputRateHz}>${outputRateHz}`;
  let kernel = kernels.get(key);
  if (!kernel) {
    const bank = phaseBank(inputRateHz, outputRateHz);
    kernel = { bank, product: dotProduct(bank.coefficients, bank.taps, bank.taps + PIECE) };
    kernels.set(key, kernel);
  }
  return kernel;
}
