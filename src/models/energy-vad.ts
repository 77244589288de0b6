/**
 * The loudness baseline: the subject holds the floor while the RMS of its 20 ms window exceeds a threshold.
 *
 * At the default operating point and without hang-over its events are those of the public `rms_vad` rule: onset → INT,
 * offset → EOT, each at the end of the window that revealed it. So that one pass can be swept it answers
 * P = rms / (rms + threshold): P > θ says rms > threshold · θ / (1 − θ), which for θ from 0.05 to 0.95 moves the
 * threshold by ±25.6 dB.
 */

import { z } from 'zod';
import type { DiscriminativeModel, TimedComponent } from '../core/model.js';
import { Prng } from '../core/prng.js';
import { STEP_S, STEPS_PER_SECOND, samplesPerStep } from '../core/time.js';
import { measureRms } from '../dsp/rms.js';
import { defineAdapter } from './adapter.js';
import { type ChannelDetector, pairedModel } from './paired.js';
import { Smoother } from './smoothing.js';

export const energyVad = defineAdapter({
  name: 'energy-vad',
  inputSampleRate: 16_000,
  latency: 'answers for each 20 ms step on its own; no look-ahead',
  weights: [],
  options: {
    threshold: z.number().gt(0).lt(1).default(0.01).meta({
      description: 'loudness above which a window is speech at the default operating point',
      unit: 'RMS, full scale = 1',
    }),
    hang_over_s: z.number().min(0).max(10).default(0).meta({
      description: 'how much longer the floor is held after the last speech window, in whole steps of 0.02 s',
      unit: 's',
    }),
    rate: z.number().int().multipleOf(STEPS_PER_SECOND).min(8_000).max(192_000).default(16_000).meta({
      description: 'sample rate at which loudness is measured; the rate of the data avoids resampling',
      unit: 'Hz',
    }),
  },
  load({ threshold, hang_over_s, rate }): DiscriminativeModel {
    const hangOverSteps = Math.round(hang_over_s * STEPS_PER_SECOND);
    return pairedModel({ inputSampleRate: rate, components: () => [rmsOfStep(rate)] }, (rows) =>
      energyDetector(rows, threshold, hangOverSteps),
    );
  },
});

function rmsOfStep(rate: number): TimedComponent {
  const prng = new Prng(0);
  const samples = Float32Array.from({ length: samplesPerStep(rate) }, () => prng.between(-0.1, 0.1));
  const rms = new Float64Array(1);
  return {
    kind: 'features',
    name: `RMS of one step (${samples.length} samples)`,
    audioS: STEP_S,
    run: () => measureRms(samples, rms, 0),
  };
}

function energyDetector(rows: number, threshold: number, hangOverSteps: number): ChannelDetector {
  const p = new Float64Array(rows);
  const smoothers = Array.from(p, () => new Smoother(1, 1 + hangOverSteps));
  return {
    reset() {
      for (const smoother of smoothers) smoother.reset();
    },
    step(channels) {
      for (let row = 0; row < rows; row++) {
        measureRms(channels[row]!, p, row);
        p[row] = speechProbability(p[row]!, threshold);
        smoothers[row]!.smooth(p, row);
      }
      return p;
    },
  };
}

const ABOVE_HALF = 0.5 + 2 ** -53;

/** rms / (rms + threshold), and exactly `> 0.5` iff `rms > threshold` where rounding would blur the two. */
export function speechProbability(rmsLevel: number, threshold: number): number {
  const p = rmsLevel / (rmsLevel + threshold);
  return rmsLevel > threshold ? Math.max(p, ABOVE_HALF) : Math.min(p, 0.5);
}
