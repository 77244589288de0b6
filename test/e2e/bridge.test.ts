/** Models in other processes from the command line: equal files, failures that cost one conversation, no orphans. */

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { BINARY, onlyRun, withoutTiming, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { PYTHON } from '../helpers/python.js';
import { TINY_DURATION_S, tinyDataset } from '../helpers/tiny-world.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/bridge', import.meta.url));
const ENERGY = `python:${join(FIXTURES, 'energy_vad.py')}`;
const LOUDNESS = `exec:${join(FIXTURES, 'loudness.mjs')}`;
const place = workplace();
const environment = { TURNBENCH_PYTHON: PYTHON ?? '' };

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '3'));
});

async function evaluate(out: string, model: string, ...args: string[]) {
  const outcome = await place.inside(['eval', '-m', model, '-q', '--out', out, ...args], environment);
  return { ...outcome, run: onlyRun(join(place.folder, out)) };
}

describe.runIf(PYTHON)('a Python copy of energy-vad', () => {
  it('writes the same bytes at its own operating point', async () => {
    const ours = await evaluate('ours', 'energy-vad', '-n', '2', '--no-sweep');
    const theirs = await evaluate('theirs', ENERGY, '-n', '2', '--no-sweep');
    expect([theirs.code, theirs.stderr]).toEqual([0, '']);
    expect(theirs.run.read('predictions.json')).toBe(ours.run.read('predictions.json'));
    const counts = (run: typeof ours.run) => run.rows.map((row) => row.status === 'ok' && row.counts);
    expect(counts(theirs.run)).toEqual(counts(ours.run));
  });

  it('writes the same bytes for every threshold of a sweep', async () => {
    const ours = await evaluate('ours-swept', 'energy-vad', '-d', 'tiny');
    const theirs = await evaluate('theirs-swept', ENERGY, '-d', 'tiny');
    expect(theirs.run.read('sweep.csv')).toBe(ours.run.read('sweep.csv'));
    expect(theirs.run.read('predictions.json')).toBe(ours.run.read('predictions.json'));
    expect(theirs.run.header.sweep).toHaveLength(19);
  });

  it('writes the same rows and probabilities when it answers P(floor)', async () => {
    const ours = await evaluate('ours-p', 'energy-vad', '-n', '1', '--tracks');
    const theirs = await evaluate('theirs-p', ENERGY, '-n', '1', '--tracks', '-o', 'probability=true');
    for (const file of ['predictions.json', 'probs-eot.json', 'probs-int.json', 'sweep.csv']) {
      expect(theirs.run.read(file)).toBe(ours.run.read(file));
    }
    expect(withoutTiming(theirs.run)).toEqual(withoutTiming(ours.run));
  });

  it('writes the same bytes from several workers, each with a process of its own', async () => {
    const alone = await evaluate('one-worker', ENERGY, '-d', 'tiny', '--tracks', '-o', 'probability=true');
    const args = ['-m', ENERGY, '-d', 'tiny', '--tracks', '-o', 'probability=true', '-j', '2', '--python', PYTHON!];
    const { code, stderr } = await place.run(['eval', ...args, '-q', '--out', 'two-workers']);
    expect([code, stderr]).toEqual([0, '']);
    const several = onlyRun(join(place.folder, 'two-workers'));
    for (const file of ['predictions.json', 'probs-eot.json', 'sweep.csv']) {
      expect(several.read(file)).toBe(alone.run.read(file));
    }
    expect(withoutTiming(several)).toEqual(withoutTiming(alone.run));
  });

  it('can be timed step by step', async () => {
    const { code, run } = await evaluate('timed', ENERGY, '-d', 'tiny', '-n', '1', '--no-sweep', '--realtime');
    expect(code).toBe(0);
    expect(run.header.totals?.deployed).not.toBeNull();
  });
});

describe.runIf(PYTHON)('a Python module', () => {
  it('is recorded by its hash, its options and what it imported', async () => {
    const module = join(FIXTURES, 'published/predict.py');
    const { run } = await evaluate('published', `python:${module}`, '-d', 'tiny', '-o', 'env.MIMI_THRESHOLD=0.50');
    const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
    expect(run.header.spec.model).toMatchObject({
      options: { 'env.MIMI_THRESHOLD': '0.50' },
      input_sample_rate_hz: 24000,
      code_sha256: hash(module),
      weights: [{ file: 'envelope.py', sha256: hash(join(FIXTURES, 'published/envelope.py')) }],
    });
    expect(run.header.sweep?.map(({ threshold }) => threshold)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  });

  it('that fails loses one conversation, and the others are those of a run that does not fail', async () => {
    const flaw = `
_loud = EnergyVad.step
def failing(self, subject, other):
    if self.fails and os.path.exists("fail"):
        os.remove("fail")
        raise ValueError("lost")
    return _loud(self, subject, other)
EnergyVad.step, EnergyVad.fails = failing, True
`;
    const source = readFileSync(join(FIXTURES, 'energy_vad.py'), 'utf8');
    writeTree(place.folder, { fail: '', 'flawed/predict.py': `${source}${flaw}` });
    const { code, stdout, run } = await evaluate('flawed-out', 'python:flawed/predict.py', '-d', 'tiny', '--no-sweep');
    expect([code, run.header.status]).toEqual([4, 'partial']);
    expect(run.rows.map(({ status }) => status)).toEqual(['failed', 'ok', 'ok']);
    expect(stdout).toContain(
      'conversation 1: step 0 (0.00 s), speaker 1 as subject: the model failed: ValueError: lost',
    );
    const { run: whole } = await evaluate('whole', 'energy-vad', '-d', 'tiny', '--no-sweep', '--ids', '2,3');
    expect(run.read('predictions.json')).toBe(whole.read('predictions.json'));
  });

  it('passes the check of causality', async () => {
    const { code, stdout } = await place.inside(
      ['check-causality', '-m', ENERGY, '-d', 'tiny', '--python', PYTHON!, '--cuts', '3'],
      {},
    );
    expect([code, stdout]).toEqual([0, 'ok: conversation 1: 3 futures changed, no decision before them moved\n']);
  });
});

describe('a mistyped model', () => {
  it.each([
    [['-m', 'python:./missing.py'], 2, 'model module ./missing.py does not exist\nhint: name the module'],
    [['-m', 'python:tiny'], 2, 'model module tiny is a folder'],
    [['-m', './predict.py'], 2, 'is a Python module\nhint: write it as python:./predict.py\n'],
    [
      ['-m', 'python:./predict.py', '--python', './no-python'],
      5,
      'no-python: there is no such program\nhint: the inter',
    ],
    [['-m', 'exec:./missing'], 5, 'missing: there is no such program\nhint: write exec:./program for a file'],
  ])('says how to put it right: %j', async (args, code, message) => {
    writeTree(place.folder, { 'predict.py': '' });
    const outcome = await place.inside(['eval', '-d', 'tiny', ...args]);
    expect([outcome.code, outcome.stdout]).toEqual([code, '']);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toContain('    at ');
  });
});

describe('the messages to a model', () => {
  it('are listed, and written for any program to answer', async () => {
    const args = ['stream', '-d', 'tiny', '-n', '1', '--rate', '8000', '--steps', '20'];
    const { code, stdout } = await place.inside(args);
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'HELO       41  {"protocol":1,"options":{},"sweep":false}',
      'RSET        0  conversation 1, speaker 1 as subject',
      'STEP    25600  0.00–0.40 s: 20 × (160 samples of the subject, 160 of the other)',
    ]);
    expect(lines[4]).toBe('STEP    12800  0.80–1.00 s: 10 × (160 samples of the subject, 160 of the other)');
    expect(JSON.parse((await place.inside([...args, '--json'])).stdout)).toHaveLength(lines.length);

    const bytes = execFileSync(process.execPath, [BINARY, ...args, '--stdout'], { cwd: place.folder });
    const answers = execFileSync(join(FIXTURES, 'loudness.mjs'), { input: bytes, stdio: ['pipe', 'pipe', 'ignore'] });
    const answered = probabilitiesIn(answers);
    expect(answered).toHaveLength(2 * TINY_DURATION_S * 50);

    const { run } = await evaluate('exec', LOUDNESS, '-d', 'tiny', '-n', '1', '--tracks');
    const [row] = JSON.parse(run.read('probs-int.json')).probs;
    expect([...row.speaker_1.prob, ...row.speaker_2.prob]).toEqual(answered);
  });
});

/** All P(floor) among what a program said. */
function probabilitiesIn(answers: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at < answers.length; ) {
    const end = at + 8 + answers.readUInt32LE(at + 4);
    if (answers.toString('latin1', at, at + 4) === 'PROB') {
      for (let place = at + 8; place < end; place += 8) found.push(answers.readDoubleLE(place));
    }
    at = end;
  }
  return found;
}

describe.runIf(PYTHON)('no process is left', () => {
  /** Holds the interpreter's lock in native code for a minute, after starting a process of its own. */
  const HANGING = `
import ctypes, os, subprocess
class Model:
    input_sample_rate = 8000
    def reset(self): pass
    def step(self, subject, other):
        helper = subprocess.Popen(["sleep", "60"])
        with open("pids.part", "w") as file:
            file.write("%d %d" % (os.getpid(), helper.pid))
        os.rename("pids.part", "pids")
        ctypes.PyDLL(None).sleep(60)
        return 0
def load_model():
    return Model()
`;

  async function startHanging(folder: string) {
    writeTree(place.folder, { [`${folder}/predict.py`]: HANGING });
    const cwd = join(place.folder, folder);
    const args = [
      BINARY,
      'eval',
      '-m',
      'python:predict.py',
      '-d',
      '../tiny',
      '--no-sweep',
      '-q',
      '--step-deadline',
      '50',
    ];
    const env = { ...process.env, ...environment };
    const harness = spawn(process.execPath, args, { cwd, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => harness.on('exit', (code, signal) => resolve(signal ?? code)));
    await until(() => existsSync(join(cwd, 'pids')));
    const pids = readFileSync(join(cwd, 'pids'), 'utf8').split(' ').map(Number);
    expect(pids.map(isRunning)).toEqual([true, true]);
    return { harness, ended, pids };
  }

  it.each([
    ['SIGKILL', 'SIGKILL'],
    ['SIGINT', 130],
    ['SIGTERM', 130],
  ] as const)('when the harness gets %s while the model hangs in native code', async (signal, end) => {
    const { harness, ended, pids } = await startHanging(signal);
    harness.kill(signal);
    expect(await ended).toBe(end);
    await until(() => !pids.some(isRunning));
  });
});

function isRunning(pid: number): boolean {
  try {
    // A process that nobody has buried yet is none.
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

/** Waits as long as the test may last. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}
