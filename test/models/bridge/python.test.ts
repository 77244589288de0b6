/** Python modules as models: what they see, what they may answer, and how they fail. */

import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DiscriminativeModel, ModelOptions } from '../../../src/core/model.js';
import { loadModel } from '../../../src/models/catalogue.js';
import { checkCausality } from '../../../src/stream/causality.js';
import { driveConversation } from '../../../src/stream/drive.js';
import { temporaryFolder, writeTree } from '../../helpers/dataset-folder.js';
import { PYTHON } from '../../helpers/python.js';
import { memoryAudio, noise } from '../../helpers/samples.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/bridge', import.meta.url));
const audio = memoryAudio(8000, noise(8000 * 2.5, 1), noise(8000 * 2.5, 2));
const folder = temporaryFolder();
const opened: DiscriminativeModel[] = [];
let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    printed += String(piece);
    return true;
  });
});

afterEach(async () => {
  for (const model of opened.splice(0)) await model.close?.();
  vi.restoreAllMocks();
});

interface How {
  readonly options?: ModelOptions;
  readonly from?: string;
  readonly python?: string;
  readonly sweep?: boolean;
}

async function open(path: string, { options = {}, from = FIXTURES, python = PYTHON, sweep }: How = {}) {
  const model = await loadModel(`python:${path}`, options, from, { python, sweep });
  opened.push(model);
  return model;
}

/** What it prints comes by another way than what it answers. */
async function says(text: string | RegExp): Promise<void> {
  await vi.waitFor(() => expect(printed).toMatch(text), { timeout: 20_000 });
}

/** A module whose model has this `step`, in the test's folder. */
async function openSource(step: string, { more = '', ...how }: How & { more?: string } = {}) {
  writeTree(folder(), { 'predict.py': moduleSource(step, more) });
  return open('predict.py', { from: folder(), ...how });
}

function moduleSource(step: string, more: string): string {
  return `
import os, sys, time
import numpy as np
class Model:
    input_sample_rate = 8000
    thresholds = None
    def __init__(self):
        self.n = -1
    def reset(self):
        self.n = -1
    def step(self, subject, other):
        self.n += 1
        ${step.trim().replaceAll('\n', '\n        ')}
${more}
def load_model():
    return Model()
`;
}

describe.runIf(PYTHON)('a Python module', () => {
  it('gives the probabilities of the built-in model whose rule it has, to the last bit', async () => {
    const reference = await loadModel('energy-vad');
    const expected = await driveConversation({ ...reference, stepBoth: undefined } as never, audio);
    const model = await open('energy_vad.py', { options: { probability: true } });
    expect((await driveConversation(model, audio)).tracks).toEqual(expected.tracks);
    const timer = { nowMs: () => 0, onStep: () => {} };
    expect((await driveConversation(model, audio, { timer })).tracks).toEqual(expected.tracks);
  });

  it('of the published kind answers one bit, or all thresholds when it is swept', async () => {
    const single = await open('published/predict.py');
    expect([single.inputSampleRate, single.thresholds]).toEqual([24000, undefined]);
    const one = (await driveConversation(single, audio)).tracks;
    const swept = await open('published/predict.py', { sweep: true });
    expect(swept.thresholds).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    const all = (await driveConversation(swept, audio)).tracks;
    for (const subject of [1, 2] as const) {
      const [bit, bits] = [one[subject], all[subject]];
      if (bit.kind !== 'bit' || bits.kind !== 'bits') throw new Error('other forms');
      expect(bit.floor).toEqual(bits.floors[4]);
      expect(new Set(bits.floors.map(({ edges }) => edges.join())).size).toBeGreaterThan(2);
      expect(bits.floors.flatMap(({ edges }) => [...edges]).every((step) => step % 4 === 3)).toBe(true);
    }
    await says('reset after 125 frames\n');
    expect(single.weights?.map(({ file }) => file)).toEqual(['envelope.py']);
  });

  it('has switches in its environment, with -o before all others', async () => {
    const at = async (threshold: string) => {
      const model = await open('published/predict.py', { options: { 'env.MIMI_THRESHOLD': threshold } });
      return (await driveConversation(model, audio)).tracks;
    };
    expect(await at('0.3')).not.toEqual(await at('0.7'));
    const options = { 'env.MIMI_SWEEP': '0' };
    expect((await open('published/predict.py', { options, sweep: true })).thresholds).toBeUndefined();
  });

  it('is given fresh float32 arrays of the current step alone', async () => {
    const model = await openSource(`
assert type(subject) is np.ndarray and subject.dtype == np.float32 and subject.shape == (160,)
assert subject.base is None and other.base is None and subject.flags.writeable
self.kept = getattr(self, 'kept', []) + [subject]
assert len({a.tobytes() for a in self.kept}) == len(self.kept)
return 0`);
    await driveConversation(model, audio);
    expect(printed).toBe('');
  });

  it('sees its own folder first, runs where the command runs, and reads no input', async () => {
    writeTree(folder(), {
      'models/predict.py': `import os, sys\nprint(sys.path[:2], os.getcwd(), sys.argv, __name__, sys.stdin.read())\n${moduleSource('return 0', '')}`,
    });
    const here = folder();
    await open('models/predict.py', { from: here });
    await says(`['${here}/models', '${here}'] ${here} ['${here}/models/predict.py'] predict \n`);
    await open('models/predict.py', { from: here, options: { cwd: 'models' } });
    await says(` ${here}/models [`);
  });

  it('may print as much as it likes, by any way', async () => {
    const model = await openSource(`
print("step", self.n)
os.system("echo from a process")
os.write(1, b"raw\\n")
return 1`);
    await driveConversation(model, memoryAudio(8000, noise(320, 1), noise(320, 2)));
    await vi.waitFor(() => expect(printed.length).toBe(104), { timeout: 20_000 });
    expect(printed).toBe('step 0\nfrom a process\nraw\nstep 1\nfrom a process\nraw\n'.repeat(2));
  });

  it('may answer a bit as an int, a subclass of it, a truth value, or what numpy has for them', async () => {
    const model = await openSource(`
import enum
forms = [1, enum.IntEnum("Floor", "YES").YES, True, np.uint8(1), np.float32(2) > 1, np.array(1)]
return forms[self.n % len(forms)]`);
    const { tracks } = await driveConversation(model, audio);
    expect(tracks[1]).toEqual({ kind: 'bit', floor: { steps: 125, edges: Int32Array.of(0) } });
  });

  it('may answer its thresholds, in whatever order it has them, as any list or array', async () => {
    const step = `
forms = [
    [1, 0, 1],
    (True, False, True),
    np.array([1, 0, 1]),
    np.array([0.6, 0.1, 0.6]) > 0.5,
    [np.int64(1), np.False_, np.bool_(1)],
]
return forms[self.n % len(forms)]`;
    const model = await openSource(step, { more: '    thresholds = np.array([0.9, 0.1, 0.5])' });
    const { tracks } = await driveConversation(model, audio);
    expect(tracks[1]).toMatchObject({
      thresholds: [0.1, 0.5, 0.9],
      floors: [{ edges: Int32Array.of() }, { edges: Int32Array.of(0) }, { edges: Int32Array.of(0) }],
    });
  });

  it.each([
    ['nothing', 'None', '', 'step() answered None (NoneType), not 0 or 1'],
    ['a probability', '0.7', '', 'step() answered 0.7 (float), not 0 or 1'],
    ['2', '2', '', 'step() answered 2 (int), not 0 or 1'],
    ['a list without thresholds', '[1, 0]', '', 'step() answered [1, 0] (list), not 0 or 1'],
    ['P = NaN', '{"p_floor": np.nan}', '', "step() answered {'p_floor': nan} (dict)"],
    ['too few bits', '[1]', '    thresholds = [0.1, 0.2]', 'step() answered 1 bits for 2 thresholds'],
    ['one bit for thresholds', '1', '    thresholds = [0.1, 0.2]', 'answered 1 (int), not 2 bits, one per threshold'],
    ['a float among bits', '[1, 0.0]', '    thresholds = [0.1, 0.2]', 'answered 0.0 (float) at index 1, not 0 or 1'],
  ])('may not answer %s', async (_, answer, more, message) => {
    const model = await openSource(`return ${answer} if self.n == 30 else ${more ? '[0, 0]' : '0'}`, { more });
    const failed = driveConversation(model, audio);
    await expect(failed).rejects.toThrow(`step 30 (0.60 s), speaker 1 as subject: the model failed: `);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ hint: expect.stringContaining('step() returns 0 or 1') });
  });

  it('cannot see ahead by accident, and is found out when it goes around the driver', async () => {
    expect((await checkCausality(await open('published/predict.py'), audio)).violation).toBeUndefined();
    const peeking = await openSource(`
steps = sys._getframe(1).f_locals['steps']
return int(steps[-1, 0, -1] > 0)`);
    expect((await checkCausality(peeking, audio)).violation).toBeDefined();
  });
});

describe.runIf(PYTHON)('a Python module that fails', () => {
  it('by an exception is placed in audio and in code, with its traceback in the log', async () => {
    const model = await openSource('if self.n == 60: self.check(subject)\nreturn 0', {
      more: '    def check(self, samples):\n        raise ValueError("too\\nloud")',
    });
    const failed = driveConversation(model, audio);
    await expect(failed).rejects.toThrow(
      /^step 60 \(1.20 s\), speaker 1 as subject: the model failed: ValueError: too \(predict.py:\d+\)$/,
    );
    await says(/in check\n +raise ValueError\("too\\nloud"\)\nValueError: too\nloud\n$/);
    expect(printed).toMatch(
      /^Traceback of predict.py \(most recent call last\):\n {2}File ".*predict.py", line \d+, in /,
    );
    expect(printed).not.toContain('driver.py');
  });

  it('in reset, or by leaving, is reported as such', async () => {
    const lost = await openSource('return 0', { more: '    def reset(self):\n        raise OSError("lost")' });
    await expect(driveConversation(lost, audio)).rejects.toThrow(
      /^reset before the pass with speaker 1 as subject: the model failed: OSError: lost \(predict.py:\d+\)$/,
    );
    const leaving = await openSource('sys.exit(3)');
    await expect(driveConversation(leaving, audio)).rejects.toThrow('the model failed: SystemExit: 3 (predict.py:');
    const gone = await openSource('os._exit(3)');
    await expect(driveConversation(gone, audio)).rejects.toThrow(
      'the process of Python model predict.py ended with exit code 3',
    );
  });

  it('by crashing in native code is reported with the signal', async () => {
    const model = await openSource('print("hm"); import ctypes; ctypes.string_at(0)');
    const failed = driveConversation(model, audio);
    await expect(failed).rejects.toThrow('the process of Python model predict.py was killed by SIGSEGV');
    await expect(failed).rejects.toMatchObject({ hint: 'its last words: hm' });
  });

  it('is started again for the next conversation, which gives what it would have given alone', async () => {
    const mark = join(folder(), 'failed');
    const flaw = `
if self.n == 70 and not os.path.exists(${JSON.stringify(mark)}):
    open(${JSON.stringify(mark)}, "w").close()
    HOW
return int(np.abs(subject).mean() > 0.5)`;
    const flawless = await openSource('return int(np.abs(subject).mean() > 0.5)');
    const alone = await driveConversation(flawless, audio);
    for (const how of ['raise ValueError', 'os.abort()', 'time.sleep(60)']) {
      rmSync(mark, { force: true });
      const model = await openSource(flaw.replace('HOW', how));
      await expect(driveConversation(model, audio, { stepDeadlineS: 0.5 })).rejects.toThrow();
      expect((await driveConversation(model, audio)).tracks).toEqual(alone.tracks);
    }
  });
});

describe.runIf(PYTHON)('a Python module that cannot be loaded', () => {
  it.each([
    ['has no load_model', 'def loadModel(): pass', 2, "it defines no load_model(): is 'loadModel' meant?"],
    [
      'returns nothing',
      'def load_model(): pass',
      2,
      'load_model() returned None without reset(), step(), input_sample',
    ],
    ['does not parse', 'def load_model(:', 2, 'SyntaxError: invalid syntax (predict.py, line 1)'],
    ['lacks a package', 'import no_such_package', 5, "No module named 'no_such_package' (predict.py:1)"],
    ['raises', 'def load_model(): raise RuntimeError("no GPU")', 2, 'RuntimeError: no GPU (predict.py:1)'],
    ['leaves', 'raise SystemExit("use the other one")', 2, 'SystemExit: use the other one (predict.py:1)'],
  ])('is refused: it %s', async (_, source, exitCode, message) => {
    writeTree(folder(), { 'predict.py': source });
    const refused = open('predict.py', { from: folder() });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name: 'UserError', exitCode });
  });

  it.each([
    [
      'a rate that is no number',
      '    input_sample_rate = "16k"',
      "input_sample_rate is '16k' (str), not a whole number",
    ],
    ['a rate without whole steps', '    input_sample_rate = 11025', 'sample rate 11025 Hz is not a multiple of 50 Hz'],
    ['thresholds outside (0, 1)', '    thresholds = [0.5, 1.0]', 'thresholds contain 1, not a number between 0 and 1'],
    ['thresholds that are words', '    thresholds = ["low"]', "thresholds contain 'low' (str), not a number"],
  ])('is refused: it has %s', async (_, more, message) => {
    await expect(openSource('return 0', { more })).rejects.toThrow(message);
  });

  it('is refused options that load_model does not take', async () => {
    const refused = openSource('return 0', { options: { threshold: 0.3 } });
    await expect(refused).rejects.toThrow('load_model() does not take the options threshold: ');
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('-o env.NAME=value') });
  });

  it('is refused when it never finishes loading', async () => {
    writeTree(folder(), { 'predict.py': 'import time\ntime.sleep(60)' });
    await expect(open('predict.py', { from: folder(), options: { load_deadline_s: 0.5 } })).rejects.toThrow(
      'Python model predict.py was not ready within 0.5 s',
    );
  });
});

describe('an interpreter that will not do', () => {
  function fake(name: string, script: string): string {
    writeTree(folder(), { [name]: script });
    chmodSync(join(folder(), name), 0o755);
    return `./${name}`;
  }

  async function refusal(python: string): Promise<unknown> {
    writeTree(folder(), { 'predict.py': 'def load_model(): pass' });
    return open('predict.py', { from: folder(), python }).catch((error) => error);
  }

  it('is missing', async () => {
    expect(await refusal('./venv/bin/python')).toMatchObject({
      message: expect.stringMatching(
        /^Python model predict.py cannot be started: .*venv\/bin\/python: there is no such/,
      ),
      hint: 'the interpreter was chosen by --python or $TURNBENCH_PYTHON; name another with --python',
      exitCode: 5,
    });
  });

  it('is no Python', async () => {
    expect(await refusal(fake('cat', '#!/bin/sh\necho "what is -u?" >&2; exit 2\n'))).toMatchObject({
      message: 'the process of Python model predict.py ended with exit code 2',
      hint: 'its last words: what is -u?',
    });
  });

  it.runIf(PYTHON)('has no numpy', async () => {
    // Without `site` there are no installed packages.
    expect(await refusal(fake('bare', `#!/bin/sh\nexec ${PYTHON} -I -S "$@"\n`))).toMatchObject({
      message: expect.stringMatching(
        /^Python model predict.py: Python 3\.\d+\.\d+ \(.*\) cannot import numpy: No module named 'numpy'$/,
      ),
      hint: expect.stringContaining('-m pip install numpy'),
      exitCode: 5,
    });
  });

  it.runIf(PYTHON)('is too old', async () => {
    const old =
      'import runpy, sys; sys.version_info = (2, 7, 18); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name="__main__")';
    expect(await refusal(fake('old', `#!/bin/sh\nshift\nexec ${PYTHON} -c '${old}' "$@"\n`))).toMatchObject({
      message: expect.stringMatching(
        /^Python model predict.py: Python 2\.7\.18 \(.*\) is too old: 3\.8 or newer is needed$/,
      ),
      exitCode: 5,
    });
  });

  it.runIf(PYTHON)('may be a link from a virtual environment', async () => {
    symlinkSync(PYTHON!, join(folder(), 'python'));
    writeTree(folder(), { 'predict.py': moduleSource('return 0', '') });
    expect((await open('predict.py', { from: folder(), python: './python' })).inputSampleRate).toBe(8000);
  });
});
