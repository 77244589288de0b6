/**
 * The whole command on generated data: `energy-vad` on 38 conversations of 12 minutes against merely reading and
 * converting the samples, a sweep against a single threshold, and peak memory against the length of a conversation.
 * Processes run in turns, so that a drift of the machine hits both sides. Only a quiet machine gives a ratio to quote.
 * `npm run build && node bench/eval.mjs`
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, openBench } from './commands.mjs';

const ROUNDS = 5;
const readAll = fileURLToPath(new URL('./read-all.mjs', import.meta.url));
const bench = openBench();
const { cli, work, run, synth } = bench;

try {
  const large = synth('large', 38, 12);
  const read = [readAll, large];
  const evaluate = ['eval', '-m', 'energy-vad', '-d', large, '--out', join(work, 'results'), '--quiet'];
  compare('energy-vad, 38 × 12 min, 16 kHz WAV, whole command', 1.5, {
    'read and convert only': read,
    'eval, one threshold': [cli, ...evaluate, '--no-sweep'],
    'eval, 19 thresholds': [cli, ...evaluate, '--sweep'],
  });

  const short = synth('short', 1, 12);
  const long = synth('long', 1, 180);
  const one = (folder) => [cli, 'eval', '-m', 'energy-vad', '-d', folder, '--out', join(work, 'results'), '--quiet'];
  const peaks = { '12 min': [], '3 h': [] };
  for (let round = 0; round < ROUNDS; round++) {
    peaks['12 min'].push(run(one(short)).peakMb);
    peaks['3 h'].push(run(one(long)).peakMb);
  }
  console.log('\npeak memory of energy-vad, MB, median');
  for (const [name, values] of Object.entries(peaks)) console.log(`  ${name.padEnd(8)}${median(values).toFixed(1)}`);
  console.log(`  ratio   ${(median(peaks['3 h']) / median(peaks['12 min'])).toFixed(3)} (goal ≤ 1.1)`);
} finally {
  bench.close();
}

function compare(title, goal, commands) {
  const seconds = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(commands)) seconds[name].push(run(args).wallS);
  }
  const [[, base], ...others] = Object.entries(seconds);
  console.log(`${title}: s, median of ${ROUNDS}, and ratio to the first`);
  for (const [name, values] of Object.entries(seconds)) {
    const ratio = median(values.map((value, i) => value / base[i]));
    console.log(`  ${name.padEnd(24)}${median(values).toFixed(2)}  ${ratio.toFixed(2)}`);
  }
  const [[, single], [, swept]] = others;
  console.log(`  goal: ≤ ${goal} × reading`);
  console.log(`  sweep / single threshold: ${median(swept.map((s, i) => s / single[i])).toFixed(3)} (goal ≤ 1.05)`);
}
