/** What goes wrong around a run, in short. The long versions, and what they found, are in README.md beside this. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { BINARY, onlyRun, withoutTiming, workplace } from '../helpers/cli.js';
import { wav, writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, TINY_DURATION_S, TINY_RATE, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const IDS = ['1', '2', '3', '4', '5', '6'];
/** By which a model that hears nothing but audio knows conversation 2. */
const LOUD = wav([new Array<number>(TINY_DURATION_S * TINY_RATE).fill(30_000)], TINY_RATE);

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), { ...tinyDataset(...IDS), '2/speaker_2_audio.wav': LOUD });
  writeTree(place.folder, {
    'good.mjs': modelSource(LOUDNESS),
    'leak.mjs': `console.error('a process begins');\nconst kept = [];\n${modelSource(LOUDNESS, 'reset() { kept.push(Buffer.alloc(5e6, 1)); },')}`,
    'garbage.mjs': modelSource(`if (other[0] > 0.9) return { pFloor: 'high' }; ${LOUDNESS}`),
  });
});

function outOf(name: string): string {
  return join(place.folder, name);
}

async function evaluate(model: string, out: string, ...args: string[]) {
  const outcome = await place.run(['eval', '-m', `./${model}.mjs`, '-d', 'tiny', '-q', '--out', outOf(out), ...args]);
  expect(outcome.stderr).not.toContain('    at ');
  return { ...outcome, ...onlyRun(outOf(out)) };
}

/** The program behind a line of shell, in which "$@" is the program. */
function underShell(line: string, ...args: readonly string[]) {
  const environment = { ...process.env, TURNBENCH_CACHE: join(place.folder, '.cache') };
  const options = { cwd: place.folder, env: environment, encoding: 'utf8' } as const;
  return spawnSync('bash', ['-c', line, 'bash', process.execPath, BINARY, ...args], options);
}

describe('a run', () => {
  it('that is killed at random moments loses nothing and counts nothing twice', () => {
    const script = fileURLToPath(new URL('kill.mjs', import.meta.url));
    const args = [script, '--seeds', '2', '--first', '102', '--jobs', '2'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/SIGKILL, `-j 2` \| 2 \| \d \| 0 \| 0 \| 0 \| 0 \|/);
  });

  it('of a model that leaks, or is larger than its budget, replaces its processes and comes to its end', async () => {
    const whole = await evaluate('good', 'whole', '-j', '1', '-n', '3');
    for (const [model, jobs] of [
      ['leak', '2'],
      ['good', '1'],
    ] as const) {
      const run = await evaluate(model, `small-${jobs}`, '-j', jobs, '-n', '3', '--memory', '20M');
      expect(run.code).toBe(0);
      expect(withoutTiming(run)).toEqual(withoutTiming(whole));
      // That of the run, and one for each conversation.
      if (model === 'leak') expect(run.stderr.split('a process begins')).toHaveLength(1 + 1 + 3);
    }
  });

  it('of a model that answers garbage in one conversation loses that one', async () => {
    const run = await evaluate('garbage', 'garbage', '-j', '2');
    expect(run.code).toBe(4);
    expect(run.header).toMatchObject({ status: 'partial', totals: { conversations: IDS.length - 1 } });
    expect(run.header.failures).toMatchObject([
      { conversation_id: '2', error: expect.stringContaining('the model answered { pFloor:') },
    ]);
  });
});

describe.runIf(process.platform === 'linux')('a limit of the system', () => {
  it('on the size of files stops a run with a message, and the same command goes on without it', async () => {
    const args = ['eval', '-m', './good.mjs', '-d', 'tiny', '--tracks', '-q', '-j', '1', '--out', outOf('short')];
    // The third row does not fit; without the trap the system would end the process.
    const stopped = underShell('trap \'\' XFSZ; ulimit -f 48; exec "$@"', ...args);
    expect(stopped.status).toBe(2);
    expect(stopped.stderr).toMatch(/^error: cannot write .*: (the file would be larger|only a part of a row fitted)/m);
    expect(stopped.stderr).not.toContain('    at ');
    const before = onlyRun(outOf('short'));
    expect(before.rows.length).toBeLessThan(IDS.length);
    const { code, stderr } = await place.run(args);
    expect([code, stderr]).toEqual([0, expect.stringContaining('going on with ')]);
    const whole = await evaluate('good', 'long', '--tracks', '-j', '1');
    const after = onlyRun(outOf('short'));
    expect(withoutTiming(after)).toEqual(withoutTiming(whole));
    expect(after.files).toEqual(whole.files);
    expect(after.read('probs-eot.json')).toBe(whole.read('probs-eot.json'));
  });

  it('on open files is named when it is too low to begin', () => {
    const { status, stderr } = underShell('ulimit -n 64; exec "$@"', 'eval', '-m', './good.mjs', '-d', 'tiny');
    expect(status).toBe(2);
    expect(stderr).toMatch(/error: failed under a limit of 64 open files: .*\nhint: raise it: ulimit -n 256\n$/);
  });
});
