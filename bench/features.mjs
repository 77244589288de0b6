/**
 * What the Whisper features of an 8 s window cost, ms of processor time, median and 90th percentile:
 *   from scratch     a window whose frames were all still to be computed
 *   at a decision    the same window when its frames were computed as the audio came
 *   every 32 ms      a window after each further chunk, as when a silence is watched
 *   as audio comes   the frames of 8 s of audio, spread over these 8 s
 * `npm run build && node bench/features.mjs`
 */
import { AudioHistory } from '../dist/dsp/audio-history.js';
import { FRAMES, HOP, MELS, WHISPER_WINDOW, WhisperFeatures } from '../dist/dsp/whisper-features.js';

const REPEATS = 100;
const STEP = 320;
/** 32 ms are 512 samples; on the grid of steps they are one or two. */
const CHUNK_STEPS = [1, 2, 2, 1, 2];
const BUDGET_MS = 4;

const noise = new Float32Array(WHISPER_WINDOW).map((_, i) => (Math.sin(i * i) + Math.sin(i / 40)) / 4);
const into = new Float32Array(MELS * FRAMES);
const audio = new AudioHistory(WHISPER_WINDOW);
const features = new WhisperFeatures(audio);
const ms = { 'from scratch': [], 'at a decision': [], 'every 32 ms': [], 'as audio comes': [] };

for (let repeat = 0; repeat < REPEATS; repeat++) {
  listen(() => undefined);
  measure('from scratch', () => features.write(0, into));

  let streaming = 0;
  listen(() => {
    const start = cpuMs();
    features.advance(0);
    streaming += cpuMs() - start;
  });
  ms['as audio comes'].push(streaming);
  measure('at a decision', () => features.write(0, into));

  for (const steps of CHUNK_STEPS) {
    audio.push(noise.subarray(0, steps * STEP));
    measure('every 32 ms', () => features.write(0, into));
  }
}

console.log(`${MELS} × ${FRAMES} features, hop ${HOP} samples: ms of processor time, P50 and P90`);
for (const [name, values] of Object.entries(ms)) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(2).padStart(8);
  console.log(`  ${name.padEnd(16)}${at(0.5)}${at(0.9)}`);
}
console.log(`goal: at most ${BUDGET_MS} ms per window`);

/** 8 s in steps of 20 ms. */
function listen(afterStep) {
  audio.reset();
  features.reset();
  for (let at = 0; at < WHISPER_WINDOW; at += STEP) {
    audio.push(noise.subarray(at, at + STEP));
    afterStep();
  }
}

function measure(name, work) {
  const start = cpuMs();
  work();
  ms[name].push(cpuMs() - start);
}

/** Of the whole process: a busy machine disturbs it less than a clock. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
