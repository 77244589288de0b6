import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, type RunFiles, withoutTiming, workplace } from '../helpers/cli.js';
import { wav, writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, TINY_DURATION_S, TINY_RATE, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

/** A channel that only conversation 2 has: the mark by which a model that hears nothing but audio knows it. */
const LOUD = wav([new Array<number>(TINY_DURATION_S * TINY_RATE).fill(30_000)], TINY_RATE);

const WHEN_LOUD = (doThis: string) => modelSource(`if (other[0] > 0.9) { ${doThis} } ${LOUDNESS}`);

beforeAll(() => {
  const tiny = tinyDataset('1', '2', '3', '4', '10');
  writeTree(join(place.folder, 'tiny'), { ...tiny, '2/speaker_2_audio.wav': LOUD });
  writeTree(place.folder, {
    'good.mjs': modelSource(LOUDNESS),
    'crash.mjs': WHEN_LOUD("process.kill(process.pid, 'SIGKILL');"),
    'hang.mjs': WHEN_LOUD('for (;;);'),
    'leave.mjs': WHEN_LOUD('process.exit(7);'),
    'silent.mjs': WHEN_LOUD('console.log("from the model");'),
    'later.mjs': WHEN_LOUD("Promise.reject(new Error('in the background'));"),
  });
});

async function evaluate(out: string, ...args: readonly string[]): Promise<RunFiles & { code: number | null }> {
  const { code } = await place.run(['eval', '-d', 'tiny', '--out', join(place.folder, out), ...args]);
  return { ...onlyRun(join(place.folder, out)), code };
}

/** All that must not depend on who streamed what. */
function bytesOf(run: RunFiles): unknown {
  const { totals, sweep, operating_points, failures, warnings, status } = run.header;
  const files = ['predictions.json', 'probs-eot.json', 'probs-int.json', 'sweep.csv', 'report.md'].map((file) =>
    run.files.includes(file) ? run.read(file).replaceAll(/real-time factor.*|RTF.*|^- run:.*$|\d+Z_.*$/gim, '') : null,
  );
  return {
    totals,
    sweep,
    operating_points,
    failures,
    warnings,
    status,
    files: files.slice(0, 4),
    rows: withoutTiming(run),
  };
}

describe('worker processes', () => {
  it('give the bytes of a single one, whatever their number', async () => {
    const alone = await evaluate('one', '-m', './good.mjs', '--tracks', '-j', '1');
    expect(alone.header.totals?.conversations).toBe(5);
    for (const jobs of ['2', '4']) {
      const several = await evaluate(`jobs-${jobs}`, '-m', './good.mjs', '--tracks', '-j', jobs);
      expect(bytesOf(several)).toEqual(bytesOf(alone));
    }
  });

  it.each([
    ['crash', 'the process that streamed it was ended by SIGKILL'],
    ['leave', 'the process that streamed it exited with code 7'],
    ['hang', 'the model did not return from a step within 1 s'],
  ])('lose one conversation to a model that may %s, and no other', async (name, error) => {
    const run = await evaluate(name, '-m', `./${name}.mjs`, '-j', '2', '--step-deadline', '1');
    expect(run.code).toBe(4);
    expect(run.header.failures).toMatchObject([{ conversation_id: '2', error }]);
    expect(run.rows.map((row) => row.conversation_id)).toEqual(['1', '2', '3', '4', '10']);
    expect(run.header.totals?.conversations).toBe(4);
  });

  it('keep what a model prints out of the product', async () => {
    const args = ['eval', '-d', 'tiny', '-m', './silent.mjs', '-j', '2', '--json', '--out', join(place.folder, 'json')];
    const { stdout, stderr } = await place.run(args);
    expect(JSON.parse(stdout).runs).toHaveLength(1);
    expect(stderr).toContain('from the model');
  });

  it('end with a message when the model cannot be loaded there', async () => {
    const source = modelSource(LOUDNESS).replace('let state', "if (process.send) throw new Error('no'); let state");
    writeTree(place.folder, { 'picky.mjs': source });
    const args = ['eval', '-d', 'tiny', '-m', './picky.mjs', '-j', '2', '--out', join(place.folder, 'picky')];
    const { code, stderr } = await place.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: .*picky\.mjs.*no/);
    expect(stderr).not.toContain('    at ');
  });

  it('leave nobody behind when the run is killed', async () => {
    const started = place.start(['eval', '-d', 'tiny', '-m', './hang.mjs', '-j', '2', '--step-deadline', '9999']);
    await started.said('conversation 1 ·');
    started.kill('SIGKILL');
    await started.outcome;
    // The pipe of stderr is held by every process of the run: that it was closed means that all are gone.
    expect((await started.outcome).code).toBeNull();
  });
});
