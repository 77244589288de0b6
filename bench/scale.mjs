/**
 * What a large run costs: whole commands side by side on generated conversations, in turns, so that a drift of the
 * machine hits all of them; medians. Processor time is that of all processes of a command. Only a quiet machine with
 * two free cores gives wall times to quote.
 *
 *     npm run build && node bench/scale.mjs [--small] [lanes mimi start resume memory]
 *
 * `--small` is to see that it works: a few short conversations, one round.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildMimiEndpointer } from '../dist/models/mimi/build.js';
import { median, openBench } from './commands.mjs';
import { writeMimiSources } from './random-models.mjs';

const { sections, isSmall } = parse(process.argv.slice(2));
const ROUNDS = isSmall ? 1 : 3;
/** Conversations and minutes. */
const SETS = isSmall
  ? { lanes: [8, 1], mimi: [3, 0.5], few: [4, 1], many: [16, 1], long: [4, 4] }
  : { lanes: [38, 12], mimi: [16, 3], few: [8, 3], many: [64, 3], long: [8, 24] };

const bench = openBench();
const { cli, work, run } = bench;

const SECTIONS = { lanes, mimi, start, resume, memory };
try {
  for (const name of sections.length > 0 ? sections : Object.keys(SECTIONS)) await SECTIONS[name]();
} finally {
  bench.close();
}

function lanes() {
  const folder = synth('lanes');
  const command = (...flags) => evaluate('silero-vad', folder, ...flags);
  compare(`silero-vad, ${shown('lanes')}`, {
    '-j 1 --lanes 1': command('-j', '1', '--lanes', '1'),
    '-j 1': command('-j', '1'),
    '-j 2': command('-j', '2'),
  });
  console.log('  goals: -j 2 ≥ 3.5 × as fast as one stream on one core; ≥ 90 % of its wall time in onnxruntime');
}

async function mimi() {
  const model = join(work, 'mimi-model');
  mkdirSync(model);
  await buildMimiEndpointer(writeMimiSources(model));
  const folder = synth('mimi');
  const command = (...flags) => evaluate('mimi-endpointer', folder, '-o', `model=${model}`, ...flags);
  compare(`mimi-endpointer at its published size, random weights, ${shown('mimi')}`, {
    '-j 1 --lanes 1': command('-j', '1', '--lanes', '1'),
    '-j 1': command('-j', '1'),
    '-j 2': command('-j', '2'),
  });
  console.log('  goal: -j 2 ≥ 1.9 × as fast as -j 1');
}

/** Wall times include the start of Node itself, which stands beside them. */
function start() {
  const report = join(work, 'first-step.json');
  const model = join(work, 'first-step.mjs');
  writeFileSync(model, firstStepModel(report));
  const times = { 'node, nothing': [], '--help': [], 'first step of a trivial eval': [] };
  const processor = structuredClone(times);
  const keep = (name, { wallS, processorS }) => {
    times[name].push(wallS);
    processor[name].push(processorS);
  };
  const out = join(work, 'start');
  for (let round = 0; round < 3 * ROUNDS; round++) {
    keep('node, nothing', run(['-e', '0']));
    keep('--help', run([cli, '--help']));
    run([cli, 'eval', '-m', model, '-d', 'mini', '-n', '1', '-j', '1', '--no-sweep', '--quiet', '--out', out]);
    keep('first step of a trivial eval', JSON.parse(readFileSync(report, 'utf8')));
  }
  console.log(`\nstart, ms, median of ${3 * ROUNDS}: wall, processor`);
  for (const name of Object.keys(times)) {
    const cells = [times, processor].map((table) => (1000 * median(table[name])).toFixed(0).padStart(8));
    console.log(`  ${name.padEnd(30)}${cells.join('')}`);
  }
  console.log('  goals: --help ≤ 80, first step ≤ 300');
}

function resume() {
  const out = join(work, 'resumed');
  run([cli, 'eval', '-m', 'energy-vad', '-d', synth('lanes'), '--quiet', '--out', out]);
  const [folder] = readdirSync(out);
  const found = Array.from({ length: 3 * ROUNDS }, () => run([cli, 'eval', '--resume', join(out, folder), '--quiet']));
  const wall = median(found.map(({ wallS }) => wallS));
  const processor = median(found.map(({ processorS }) => processorS));
  console.log(
    `\n--resume of a finished run of ${shown('lanes')}: ${wall.toFixed(2)} s, processor ${processor.toFixed(2)} s`,
  );
  console.log('  goal: ≤ 0.5 s');
}

function memory() {
  console.log(`\npeak memory of the largest process, MB, median of ${ROUNDS}`);
  const names = ['few', 'many', 'long'];
  console.log(`  ${''.padEnd(24)}${names.map((name) => shown(name).padStart(16)).join('')}`);
  for (const [model, ...flags] of [
    ['energy-vad', '-j', '1'],
    ['silero-vad', '-j', '1', '--lanes', '1'],
    ['silero-vad', '-j', '1', '--lanes', '4'],
    ['silero-vad', '-j', '2', '--lanes', '2'],
  ]) {
    const peaks = names.map((name) => {
      const folder = synth(name);
      return median(Array.from({ length: ROUNDS }, () => run(evaluate(model, folder, ...flags)).peakMb));
    });
    const cells = peaks.map((mb) => mb.toFixed(0).padStart(16));
    console.log(`  ${[model, ...flags.slice(1)].join(' ').padEnd(24)}${cells.join('')}`);
  }
}

function evaluate(model, folder, ...flags) {
  // Answers that are kept from the command before would be compared with a model that runs.
  const quiet = ['--no-sweep', '--no-cache', '--quiet', '--out', join(work, 'results')];
  return [cli, 'eval', '-m', model, '-d', folder, ...quiet, ...flags];
}

/** Commands in turns; ratios of one round, then their median. */
function compare(title, commands) {
  const found = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(commands)) found[name].push(run(args));
  }
  const [base] = Object.values(found);
  console.log(`\n${title}; median of ${ROUNDS}; in runtime: % of wall time / of processor time`);
  const head = ['wall s', 'times as fast', 'processor s', 'less work', 'in runtime %', 'peak MB'];
  console.log(`  ${''.padEnd(16)}${head.map((text) => text.padStart(15)).join('')}`);
  for (const [name, values] of Object.entries(found)) {
    const of = (number) => median(values.map(number));
    const cells = [
      of(({ wallS }) => wallS).toFixed(2),
      of(({ wallS }, i) => base[i].wallS / wallS).toFixed(2),
      of(({ processorS }) => processorS).toFixed(2),
      of(({ processorS }, i) => base[i].processorS / processorS).toFixed(2),
      `${of(({ shareOfWall }) => 100 * shareOfWall).toFixed(0)} / ${of(({ shareOfProcessor }) => 100 * shareOfProcessor).toFixed(0)}`,
      of(({ peakMb }) => peakMb).toFixed(0),
    ];
    console.log(`  ${name.padEnd(16)}${cells.map((text) => text.padStart(15)).join('')}`);
  }
}

function firstStepModel(report) {
  return `
    import { writeFileSync } from 'node:fs';
    let isFirst = true;
    export function loadModel() {
      return {
        inputSampleRate: 16000,
        reset() {},
        step() {
          if (isFirst) {
            const { user, system } = process.cpuUsage();
            const used = { wallS: performance.now() / 1000, processorS: (user + system) / 1e6 };
            writeFileSync(${JSON.stringify(report)}, JSON.stringify(used));
          }
          isFirst = false;
          return 0;
        },
      };
    }`;
}

function synth(name) {
  return bench.synth(name, ...SETS[name]);
}

function shown(name) {
  const [conversations, minutes] = SETS[name];
  return `${conversations} × ${minutes} min`;
}

function parse(args) {
  return { sections: args.filter((arg) => arg !== '--small'), isSmall: args.includes('--small') };
}
