/**
 * Speaks every part of `script.txt` and writes the bank, `mini/bank/`: one FLAC per voice, utterances back to back, and
 * `index.json` with the place of each. Needs flite (voices slt, rms, awb), sox and flac; nobody else does.
 *
 *   node datasets/render-bank.mjs
 *
 * Repeated on the same versions of the three tools it writes the same bytes.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readScript, utteranceId } from './script.mjs';

const SAMPLE_RATE_HZ = 16000;

/** `pitch` in cents by sox makes a further speaker; `stretch` below 1 speaks faster; `stddev` is pitch movement in Hz. */
const VOICES = {
  slt: { flite: 'slt', pitch: 0, stretch: 0.92, stddev: 40 },
  'slt-low': { flite: 'slt', pitch: -250, stretch: 0.88, stddev: 40 },
  rms: { flite: 'rms', pitch: 0, stretch: 0.86 },
  'rms-low': { flite: 'rms', pitch: -250, stretch: 0.9 },
  awb: { flite: 'awb', pitch: 0, stretch: 0.88 },
  'awb-high': { flite: 'awb', pitch: 250, stretch: 0.92 },
};

/** What is said on the side is said slowly: a hesitation is mostly a held vowel. */
const FILLER_STRETCH = 1.8;
const BACKCHANNEL_STRETCH = 1.3;
/** RMS of every utterance, of full scale: about -25 dBFS, a usual level for a headset. */
const TARGET_RMS = 0.055;
/** Lowest four bits are zero: FLAC drops them, and 60 dB below the speech nobody misses them. */
const AMPLITUDE_STEP = 16;
/** Speech starts and ends where the 10 ms level is within 32 dB of the loudest: awb's recordings hiss at -42 dB. */
const TRIM_DB = -32;
const FRAME = SAMPLE_RATE_HZ / 100;
/** Longest silence inside an utterance: stop closures are shorter, a pause made by the synthesizer is longer. */
const MAX_SILENCE_S = 0.16;

const bank = new URL('mini/bank/', import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), 'render-bank-'));
rmSync(bank, { recursive: true, force: true });
mkdirSync(bank, { recursive: true });

const utterances = {};
for (const [voice, settings] of Object.entries(VOICES)) {
  const clips = textsOf(voice).map(({ text, stretch }) => {
    const spoken = speak({ ...settings, stretch: settings.stretch * stretch }, text);
    return { text, pcm: quantize(trim(spoken, text)) };
  });
  let offset = 0;
  for (const { text, pcm } of clips) {
    utterances[utteranceId(voice, text)] = { voice, offset, samples: pcm.length, text };
    offset += pcm.length;
  }
  writeFlac(voice, clips);
}
const lines = Object.entries(utterances).map(([id, entry]) => `    ${JSON.stringify(id)}: ${JSON.stringify(entry)}`);
writeFileSync(
  join(bank, 'index.json'),
  `{\n  "sample_rate_hz": ${SAMPLE_RATE_HZ},\n  "utterances": {\n${lines.join(',\n')}\n  }\n}\n`,
);
rmSync(work, { recursive: true });

/** Everything a voice says anywhere, each once, in the order of the script. */
function textsOf(voice) {
  const texts = new Map();
  for (const { voices, turns } of readScript()) {
    for (const { speaker, kind, parts } of turns.flatMap((turn) => [turn, ...turn.asides])) {
      if (voices[speaker] !== voice) continue;
      for (const { text, filler } of parts) {
        const stretch = filler ? FILLER_STRETCH : kind === 'backchannel' ? BACKCHANNEL_STRETCH : 1;
        const key = utteranceId(voice, text);
        if (!texts.has(key)) texts.set(key, { text, stretch });
      }
    }
  }
  return [...texts.values()];
}

/** @returns {Float64Array} at 16 kHz, as loud as flite made it */
function speak({ flite, pitch, stretch, stddev }, text) {
  const raw = join(work, 'raw.wav');
  const features = ['--setf', `duration_stretch=${stretch}`];
  if (stddev) features.push('--setf', `int_f0_target_stddev=${stddev}`);
  execFileSync('flite', ['-voice', flite, ...features, '-t', `${text}.`, '-o', raw]);
  const effects = pitch === 0 ? [] : ['pitch', `${pitch}`];
  const bytes = execFileSync('sox', ['-D', raw, '-t', 'raw', '-e', 'signed', '-b', '16', '-', ...effects]);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return Float64Array.from(samples, (sample) => sample / 32768);
}

/** Cut the silence on both sides, so that a time-line's times are the times of speech. Whole milliseconds. */
function trim(samples, text) {
  const levels = [];
  for (let i = 0; i + FRAME <= samples.length; i += FRAME) levels.push(rms(samples.subarray(i, i + FRAME)));
  const threshold = Math.max(...levels) * 10 ** (TRIM_DB / 20);
  const first = levels.findIndex((level) => level > threshold);
  const last = levels.findLastIndex((level) => level > threshold);
  let silence = 0;
  for (let frame = first; frame <= last; frame++) {
    silence = levels[frame] > threshold ? 0 : silence + 1;
    if (silence * 0.01 > MAX_SILENCE_S) throw new Error(`'${text}' has a pause inside: split it with a bar`);
  }
  return samples.slice(first * FRAME, (last + 1) * FRAME);
}

/** Same loudness for all, 5 ms ramps against clicks, 12-bit amplitudes. */
function quantize(samples) {
  const gain = TARGET_RMS / rms(samples);
  const ramp = SAMPLE_RATE_HZ * 0.005;
  return Int16Array.from(samples, (sample, i) => {
    const edge = Math.min(1, (i + 1) / ramp, (samples.length - i) / ramp);
    const scaled = Math.round((sample * gain * edge * 32768) / AMPLITUDE_STEP) * AMPLITUDE_STEP;
    return Math.max(-32768, Math.min(32767 - (AMPLITUDE_STEP - 1), scaled));
  });
}

function writeFlac(voice, clips) {
  const raw = join(work, 'voice.raw');
  writeFileSync(raw, Buffer.concat(clips.map(({ pcm }) => Buffer.from(pcm.buffer))));
  const format = ['--force-raw-format', '--endian=little', '--sign=signed', '--channels=1', '--bps=16'];
  const size = ['--best', '--exhaustive-model-search', '--no-padding', '--no-seektable'];
  const to = ['--totally-silent', '--force', '-o', join(bank, `${voice}.flac`)];
  execFileSync('flac', [...format, `--sample-rate=${SAMPLE_RATE_HZ}`, ...size, ...to, raw]);
}

function rms(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
