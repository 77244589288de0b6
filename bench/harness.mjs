/**
 * What the harness itself costs: a model that does nothing, driven over audio in memory at 24 kHz, per step of 20 ms,
 * nothing subtracted. The baseline is reading the same audio in the same blocks without a model.
 *
 * Ten seconds played over and over stay in the cache and show the harness; twelve minutes come from main memory and
 * show what its speed allows.
 * `npm run build && node bench/harness.mjs`
 */
import { performance } from 'node:perf_hooks';
import { driveConversation } from '../dist/stream/drive.js';

const RATE_HZ = 24_000;
const MINUTES = 12;
const LENGTH = MINUTES * 60 * RATE_HZ;
const STEPS = MINUTES * 60 * 50;
const REPEATS = 15;
const BUDGET_NS = 200;

const reset = () => undefined;
const models = {
  'one bit': { inputSampleRate: RATE_HZ, reset, step: () => 0 },
  'P(floor)': { inputSampleRate: RATE_HZ, reset, step: () => ({ pFloor: 0.5 }) },
  'one bit, promised': { inputSampleRate: RATE_HZ, reset, step: async () => 0 },
  'one bit, both at once': { inputSampleRate: RATE_HZ, reset, step: () => 0, stepBoth: () => [0, 0] },
};

for (const [name, seconds] of [
  ['10 s over and over', 10],
  ['12 min from main memory', MINUTES * 60],
]) {
  const audio = looped(seconds);
  const ns = { 'reading only': [] };
  for (const model of Object.keys(models)) ns[model] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    ns['reading only'].push(nsPerStep(readTwice(audio), STEPS * 2));
    for (const [model, instance] of Object.entries(models)) {
      const start = performance.now();
      await driveConversation(instance, audio);
      ns[model].push(nsPerStep(performance.now() - start, STEPS * 2));
    }
  }
  console.log(`${name}: ns per step and pass, median of ${REPEATS}, × real time, ratio to reading only`);
  for (const [row, values] of Object.entries(ns)) {
    const ratio = median(values.map((value, i) => value / ns['reading only'][i]));
    const speed = Math.round(0.02e9 / median(values));
    console.log(
      `  ${row.padEnd(22)}${median(values).toFixed(0).padStart(6)}${String(speed).padStart(9)}  ${ratio.toFixed(2)}`,
    );
  }
}
console.log(`goal: one bit ≤ ${BUDGET_NS} ns per step`);

function looped(seconds) {
  const period = seconds * RATE_HZ;
  const channels = [1, 2].map((k) => new Float32Array(period).map((_, i) => Math.sin(i * k) / 2));
  const open = () => {
    let position = 0;
    return {
      read(into) {
        const count = Math.min(into[1].length, LENGTH - position);
        const from = position % period;
        into[1].set(channels[0].subarray(from, from + count));
        into[2].set(channels[1].subarray(from, from + count));
        position += count;
        return count;
      },
      close: () => undefined,
    };
  };
  return { sampleRateHz: RATE_HZ, length: LENGTH, open };
}

/** Both passes of a conversation without a model, ms. */
function readTwice(audio) {
  const start = performance.now();
  const block = { 1: new Float32Array(RATE_HZ), 2: new Float32Array(RATE_HZ) };
  for (const _pass of [1, 2]) {
    const reader = audio.open();
    while (reader.read(block) > 0);
  }
  return performance.now() - start;
}

function nsPerStep(ms, steps) {
  return (ms * 1e6) / steps;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
