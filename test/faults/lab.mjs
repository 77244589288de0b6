// What the fault scripts share: data and models made on the spot, the built program in a process of its own, and the
// comparison of what two runs left behind.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../../bin/turnbench.js', import.meta.url));
const RATE = 8000;

/** A folder that is gone when the script ends, however it ends. */
export function laboratory() {
  const folder = mkdtempSync(join(tmpdir(), 'turnbench-faults-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  return folder;
}

export function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/**
 * A data set of conversations in which the speakers take turns of one second; no two sound alike.
 * @param lengthsS one conversation each; their ids count from 1.
 */
export function writeDataset(folder, lengthsS) {
  write(join(folder, 'dataset.json'), JSON.stringify({ name: 'made', version: '1.0.0' }));
  lengthsS.forEach((lengthS, i) => {
    const place = join(folder, `${i + 1}`);
    for (const speaker of [1, 2]) write(join(place, `speaker_${speaker}_audio.wav`), wav(i, speaker, lengthS));
    write(join(place, 'annotations.json'), JSON.stringify(annotations(lengthS)));
  });
}

function annotations(lengthS) {
  const turns = (first) => {
    const marks = [];
    for (let s = first; s + 1 <= lengthS; s += 2) marks.push({ start_s: s, end_s: s + 0.9, label: 'Normal Turn' });
    return { a: marks };
  };
  return { speaker_1: turns(0), speaker_2: turns(1) };
}

function wav(conversation, speaker, lengthS) {
  const samples = Math.round(lengthS * RATE);
  const file = Buffer.alloc(44 + 2 * samples);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + 2 * samples, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(2 * RATE, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * samples, 40);
  // A triangle wave, whose height tells the conversations apart.
  const height = 2000 + 97 * (conversation % 200);
  for (let i = 0; i < samples; i++) {
    const speaks = Math.floor(i / RATE) % 2 === speaker - 1 && i % RATE < 0.9 * RATE;
    if (speaks) file.writeInt16LE(Math.round(height * (Math.abs((i % 40) - 20) / 10 - 1)), 44 + 2 * i);
  }
  return file;
}

/**
 * A model that answers with the loudness of what it hears.
 * @param onReset code before every pass; it may wait. `passes` counts them in this process.
 * @param onStep code before every answer.
 */
export function modelSource({ onReset = '', onStep = '', head = '' } = {}) {
  return `${head}
let passes = 0;
export function loadModel() {
  return {
    inputSampleRate: ${RATE},
    async reset() { passes++; ${onReset} },
    step(subject, other) {
      ${onStep}
      let sum = 0;
      for (const x of subject) sum += x * x;
      const rms = Math.sqrt(sum / subject.length);
      return { pFloor: rms / (rms + 0.01) };
    },
  };
}
`;
}

/**
 * Start the program. `ended` settles with { code, signal, stdout, stderr, wallS }.
 * @param options.shell run it through this shell line, in which "$@" is the program.
 */
export function start(folder, args, { shell, environment = {} } = {}) {
  const command = [process.execPath, BINARY, ...args];
  const [program, ...rest] = shell ? ['bash', '-c', shell, 'bash', ...command] : command;
  const began = performance.now();
  const env = { ...process.env, TURNBENCH_CACHE: join(folder, '.cache'), NO_COLOR: '1', ...environment };
  const child = spawn(program, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.setEncoding('utf8').on('data', (piece) => {
    stderr += piece;
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr, wallS: (performance.now() - began) / 1000 });
    });
  });
  return { child, ended, saidSoFar: () => stderr };
}

export function runToEnd(folder, args, options) {
  return start(folder, args, options).ended;
}

/** Conversations that were announced as finished: each once, or the run did something twice. */
export function announced(stderr) {
  return [...stderr.matchAll(/: conversation (\S+) ·/g)].map(([, id]) => id);
}

/** Run folders below `out` that have a header. */
export function runsIn(out) {
  return readdirSync(out)
    .sort()
    .map((name) => join(out, name))
    .filter((path) => readdirSync(path).includes('run.json'));
}

export function headerOf(run) {
  return JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
}

export function rowsOf(run) {
  const lines = readFileSync(join(run, 'conversations.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Everything that must not depend on what happened on the way, as one text. */
export function resultOf(run) {
  const files = readdirSync(run).sort();
  const { run: name, environment, started_at, finished_at, timing, ...header } = headerOf(run);
  const rows = rowsOf(run).map((row) => ({ ...row, timing: null }));
  const whole = files
    .filter((file) => /^(predictions|probs-.*)\.json$|^sweep\.csv$/.test(file))
    .map((file) => [file, readFileSync(join(run, file), 'utf8')]);
  return JSON.stringify({ files, header, rows, whole }, null, 1);
}

/** A repeatable source of numbers in [0, 1). */
export function randomNumbers(seed) {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows as a Markdown table. */
export function table(headings, rows) {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
