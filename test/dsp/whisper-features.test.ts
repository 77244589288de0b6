import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/core/prng.js';
import { AudioHistory } from '../../src/dsp/audio-history.js';
import { FRAMES, MELS, WHISPER_WINDOW, WhisperFeatures } from '../../src/dsp/whisper-features.js';
import { speech } from '../models/listening.js';
import { plainFeatures } from './plain-features.js';

const STEP = 320;
const audio = speech();

/** Hear samples step by step. */
function listener() {
  const history = new AudioHistory(WHISPER_WINDOW);
  const features = new WhisperFeatures(history);
  return {
    history,
    features,
    hear(samples: Float32Array, afterStep: () => void = () => undefined) {
      for (let at = 0; at < samples.length; at += STEP) {
        history.push(samples.subarray(at, at + STEP));
        afterStep();
      }
    },
    write(from: number) {
      const into = new Float32Array(MELS * FRAMES);
      features.write(from, into);
      return into;
    },
  };
}

function fresh(samples: Float32Array, from: number): Float32Array {
  const { hear, write } = listener();
  hear(samples);
  return write(from);
}

/** From the Python feature extractor; `whisper-features.json` says how. */
function golden(name: string): Float32Array {
  const bytes = readFileSync(new URL(`../fixtures/whisper/${name}.f32`, import.meta.url));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function largestDifference(a: Float32Array, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('WhisperFeatures', () => {
  it('are those of the reference pipeline, for a full window and a padded one', () => {
    expect(largestDifference(fresh(audio, 0), golden('whisper-features-last-8s'))).toBeLessThan(1e-5);
    const start = fresh(audio.subarray(0, 48_000), 0);
    expect(largestDifference(start, golden('whisper-features-first-3s-left-padded'))).toBeLessThan(1e-5);
  });

  it('are those of the definition wherever the turn begins', () => {
    // The beginning of the turn against frames of 400 samples every 160, against the reflection of 200 samples at the
    // left end (end − 128 000) and at the right one.
    const end = 160_000;
    const left = end - WHISPER_WINDOW;
    const { hear, write } = listener();
    const offset = audio.subarray(0, end).map((sample) => sample / 2 + 0.1);
    hear(offset);
    const froms = [0, left + 150, left + 201, 77_777, end - 300, end];
    for (const from of froms) {
      const expected = plainFeatures(offset.subarray(Math.max(from, left)));
      expect(largestDifference(write(from), expected), `from ${from}`).toBeLessThan(1e-6);
    }
  });

  it('are the same to the bit whether frames were computed on the way or at the end', () => {
    const { hear, write, features } = listener();
    const expected = fresh(audio, 100_000);
    hear(audio, () => features.advance(100_000));
    expect(write(100_000)).toEqual(expected);
  });

  it('stay right window after window, turn after turn, and after a reset', () => {
    const { hear, write, history, features } = listener();
    const prng = new Prng(5);
    for (const round of ['first', 'second']) {
      let turn = 0;
      let step = 0;
      hear(audio, () => {
        step++;
        if (prng.float() < 0.004) turn = Math.max(0, history.end - prng.int(16_000));
        if (prng.float() < 0.3) features.advance(turn);
        if (step % 150 !== 0) return;
        const expected = fresh(audio.subarray(0, history.end), turn);
        expect(largestDifference(write(turn), expected), `${round} ${step}`).toBeLessThan(1e-6);
      });
      history.reset();
      features.reset();
    }
  });

  it('of silence, of a constant and of nothing are numbers', () => {
    const second = new Float32Array(16_000);
    // log10 of the floor is −10 everywhere, and so is the greatest: (−10 + 4) / 4.
    expect(new Set(fresh(second, 0))).toEqual(new Set([-1.5]));
    expect(new Set(fresh(second, 16_000))).toEqual(new Set([-1.5]));
    const constant = fresh(second.fill(0.25), 0);
    expect(largestDifference(constant, plainFeatures(second))).toBeLessThan(1e-6);
  });

  it('refuse audio that is not on the grid of frames', () => {
    const { history, write } = listener();
    history.push(new Float32Array(512));
    expect(() => write(0)).toThrow('advanced to sample 512, not a multiple of 160');
  });
});
