/**
 * Reading and resampling twelve minutes, in seconds and as a ratio to a baseline measured in the same run.
 *
 * Reading: stereo at 16 kHz, against the least that can be done, the whole file at once through an Int16Array.
 * Resampling: one channel, against the same sums in a plain JavaScript loop.
 * `npm run build && node bench/audio.mjs`
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import wavefile from 'wavefile';
import { encodeWav16 } from '../dist/audio/encode.js';
import { phaseBank } from '../dist/audio/lowpass.js';
import { decodeFile, openPair, openStereo } from '../dist/audio/open.js';
import { Resampler } from '../dist/audio/resampler.js';

const SECONDS = 720;
const REPEATS = 5;
const work = mkdtempSync(join(tmpdir(), 'turnbench-bench-'));

try {
  await reading();
  await readingFlac();
  await resampling();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function reading() {
  const samples = new Float32Array(SECONDS * 16_000).map((_, i) => Math.sin(i / 7) / 2);
  const wav16 = join(work, 'stereo.wav');
  writeFileSync(wav16, encodeWav16({ sampleRateHz: 16_000, channels: [samples, samples] }));
  const float = new wavefile.WaveFile();
  float.fromScratch(2, 16_000, '32f', [samples, samples]);
  const wavFloat = join(work, 'float.wav');
  writeFileSync(wavFloat, float.toBuffer());
  await compare('reading 12 min of stereo at 16 kHz', SECONDS, {
    'whole file, Int16Array': () => wholeFile(wav16),
    'WAV, 16 bits': async () => readAll(await openStereo(wav16)),
    'WAV, float': async () => readAll(await openStereo(wavFloat)),
    'wavefile getSamples': () => {
      const wav = new wavefile.WaveFile();
      wav.fromBuffer(readFileSync(wav16));
      wav.getSamples(false, Float32Array);
    },
  });
}

/** Noise, the worst case of FLAC; opening the decoder included. */
async function readingFlac() {
  const flac = fileURLToPath(new URL('../test/fixtures/audio/noise-16bit.flac', import.meta.url));
  const wav = join(work, 'noise.wav');
  writeFileSync(wav, encodeWav16(await decodeFile(flac)));
  const many = async (path) => {
    for (let i = 0; i < 20; i++) await readAll(await openPair(path, path));
  };
  await compare('reading 20 pairs of files of 2.25 s at 16 kHz', 20 * 2.25, {
    'WAV, 16 bits': () => many(wav),
    'FLAC, 16 bits': () => many(flac),
  });
}

async function resampling() {
  for (const [from, to] of [
    [48_000, 16_000],
    [44_100, 16_000],
    [24_000, 16_000],
    [16_000, 24_000],
    [8000, 16_000],
  ]) {
    await compare(`resampling 12 min of one channel, ${from} to ${to} Hz`, SECONDS, {
      'plain JavaScript': () => plainLoop(from, to),
      'streaming resampler': () => {
        const resampler = new Resampler(from, to);
        const input = new Float32Array(from).map((_, i) => Math.sin(i / 7) / 2);
        const output = new Float32Array(to);
        for (let second = 0; second < SECONDS; second++) resampler.process(input, output);
      },
    });
  }
}

function wholeFile(path) {
  const bytes = readFileSync(path);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) / 2);
  const first = new Float32Array(samples.length / 2);
  const second = new Float32Array(samples.length / 2);
  for (let i = 0; i < first.length; i++) {
    first[i] = samples[2 * i] / 32_768;
    second[i] = samples[2 * i + 1] / 32_768;
  }
}

async function readAll(audio) {
  const reader = await audio.open();
  const block = { 1: new Float32Array(16_000), 2: new Float32Array(16_000) };
  while ((await reader.read(block)) > 0);
  await reader.close();
}

/** The inner products of a second of output, as many times as there are seconds. */
function plainLoop(from, to) {
  const { up, down, taps, coefficients } = phaseBank(from, to);
  const bank = Float64Array.from(coefficients);
  const input = new Float64Array(from + taps).map((_, i) => Math.sin(i / 7) / 2);
  const output = new Float32Array(to);
  for (let second = 0; second < SECONDS; second++) {
    for (let n = 0; n < to; n++) {
      const at = Math.floor((n * down) / up);
      const row = ((n * down) % up) * taps;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = 0; i < taps; i += 4) {
        a += bank[row + i] * input[at + i];
        b += bank[row + i + 1] * input[at + i + 1];
        c += bank[row + i + 2] * input[at + i + 2];
        d += bank[row + i + 3] * input[at + i + 3];
      }
      output[n] = a + b + (c + d);
    }
  }
}

async function compare(title, audioS, rows) {
  const seconds = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [name, row] of Object.entries(rows)) {
      const start = performance.now();
      await row();
      seconds[name].push((performance.now() - start) / 1000);
    }
  }
  const base = Object.values(seconds)[0];
  console.log(`${title}: s, median of ${REPEATS}, ratio to the first, × real time`);
  for (const [name, values] of Object.entries(seconds)) {
    const ratio = median(values.map((value, i) => value / base[i]));
    const speed = Math.round(audioS / median(values));
    console.log(
      `  ${name.padEnd(32)}${median(values).toFixed(2).padStart(6)}  ${ratio.toFixed(2).padStart(6)}  ${speed}`,
    );
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
