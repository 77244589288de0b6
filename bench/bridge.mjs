/**
 * What a model in another process costs per step of 20 ms: a Python module and a program that do nothing, driven over
 * two minutes of audio in memory, many steps in a message and one. The processor time of both processes is in it.
 * `npm run build && node bench/bridge.mjs`; $TURNBENCH_PYTHON names a Python with numpy.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { loadModel } from '../dist/models/catalogue.js';
import { driveConversation } from '../dist/stream/drive.js';

const SECONDS = 120;
const REPEATS = 9;
const BUDGET_US = 25;

const folder = mkdtempSync(join(tmpdir(), 'turnbench-bench-'));
const python = (rate, step, more = '') => `
import numpy as np
class Model:
    input_sample_rate = ${rate}
${more}
    def reset(self):
        pass
    def step(self, subject, other):
        return ${step}
def load_model():
    return Model()
`;
const files = {
  'bit16.py': python(16000, '0'),
  'bit24.py': python(24000, '0'),
  'bits.py': python(
    16000,
    'ANSWER',
    '    thresholds = [k / 20 for k in range(1, 20)]\nANSWER = [0] * 19\nclass Model(Model):',
  ),
  'rms.py': python(16000, 'int(np.sqrt(np.mean(np.square(subject, dtype=np.float64))) > 0.01)'),
  'program.mjs': `#!${process.execPath}
import { readSync, writeSync } from 'node:fs';
const bytes = Buffer.alloc(1 << 20);
const read = (count) => {
  for (let got = 0; got < count; ) {
    try {
      const piece = readSync(0, bytes, got, count - got, null);
      if (piece === 0) process.exit(0);
      got += piece;
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};
const say = (type, payload) => {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32LE(payload.length, 4);
  writeSync(1, Buffer.concat([header, payload]));
};
for (;;) {
  read(8);
  const type = bytes.toString('latin1', 0, 4);
  const length = bytes.readUInt32LE(4);
  read(length);
  if (type === 'HELO') say('MODL', Buffer.from('{"input_sample_rate":16000}'));
  else if (type === 'RSET') say('REDY', Buffer.alloc(0));
  else say('BITS', Buffer.alloc(length / (2 * 320 * 4)));
}
`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
chmodSync(join(folder, 'program.mjs'), 0o755);

const rows = [
  ['Python, one bit, 16 kHz', 'python:bit16.py'],
  ['Python, one bit, 24 kHz', 'python:bit24.py'],
  ['Python, 19 thresholds', 'python:bits.py'],
  ['Python, loudness with numpy', 'python:rms.py'],
  ['program (Node), one bit', 'exec:./program.mjs'],
];
console.log(`µs per step and pass, best of ${REPEATS}`);
console.log(`  ${'model'.padEnd(30)}${'in blocks'.padStart(10)}${'one by one'.padStart(12)}`);
try {
  for (const [name, spec] of rows) {
    const model = await loadModel(spec, {}, folder);
    const audio = silence(model.inputSampleRate);
    await usPerStep(model, audio);
    const blocks = [];
    const single = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      blocks.push(await usPerStep(model, audio));
      single.push(await usPerStep(model, audio, { timer: { nowMs: () => performance.now(), onStep() {} } }));
    }
    await model.close();
    console.log(
      `  ${name.padEnd(30)}${Math.min(...blocks)
        .toFixed(1)
        .padStart(10)}${Math.min(...single)
        .toFixed(1)
        .padStart(12)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`goal: one bit in blocks ≤ ${BUDGET_US} µs`);

async function usPerStep(model, audio, options) {
  const { computeS, steps } = await driveConversation(model, audio, options);
  return (computeS * 1e6) / (2 * steps);
}

function silence(sampleRateHz) {
  const length = SECONDS * sampleRateHz;
  const open = () => {
    let position = 0;
    return {
      read(into) {
        const count = Math.min(into[1].length, length - position);
        position += count;
        return count;
      },
      close: () => undefined,
    };
  };
  return { sampleRateHz, length, open };
}
