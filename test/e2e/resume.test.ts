import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, type RunFiles, withoutTiming, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const IDS = ['1', '2', '3', '4'];

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset(...IDS));
  // Waits in its third conversation when the file `wait` is there.
  const wait = `import { existsSync } from 'node:fs';\nlet passes = 0;\n`;
  const body = `if (passes === 5 && existsSync('wait')) { console.error('waits'); return new Promise(() => {}); } ${LOUDNESS}`;
  writeTree(place.folder, { 'model.mjs': wait + modelSource(body, 'reset() { passes++; },') });
});

function outOf(name: string): string {
  return join(place.folder, name);
}

const ARGS = ['eval', '-m', './model.mjs', '-d', 'tiny', '--tracks', '--step-deadline', '9999'];

/** A run that was stopped in its third conversation. */
async function stopped(out: string, signal: NodeJS.Signals): Promise<RunFiles> {
  writeFileSync(join(place.folder, 'wait'), '');
  const started = place.start([...ARGS, '--out', outOf(out)]);
  await started.said('waits');
  started.kill(signal);
  await started.outcome;
  rmSync(join(place.folder, 'wait'));
  return onlyRun(outOf(out));
}

function resultOf(run: RunFiles): unknown {
  const { totals, sweep, operating_points, failures, warnings, status } = run.header;
  const files = ['predictions.json', 'probs-eot.json', 'probs-int.json', 'sweep.csv'].map(run.read);
  return {
    totals,
    sweep,
    operating_points,
    failures,
    warnings,
    status,
    files,
    rows: withoutTiming(run),
    names: run.files,
  };
}

let whole: RunFiles;
beforeAll(async () => {
  await place.run([...ARGS, '--out', outOf('whole')]);
  whole = onlyRun(outOf('whole'));
});

describe.each(['SIGKILL', 'SIGINT'] as const)('a run stopped by %s', (signal) => {
  it('ends, by the same command, as if nothing had happened', async () => {
    const before = await stopped(`same-${signal}`, signal);
    expect(before.rows).toHaveLength(2);
    const { code, stderr } = await place.run([...ARGS, '--out', outOf(`same-${signal}`)]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('going on with ')]);
    expect(stderr).not.toContain('conversation 1 ');
    expect(resultOf(onlyRun(outOf(`same-${signal}`)))).toEqual(resultOf(whole));
  });

  it('ends by --resume alone, also after a torn row', async () => {
    const before = await stopped(`resume-${signal}`, signal);
    const rows = join(before.path, 'conversations.jsonl');
    writeFileSync(rows, readFileSync(rows, 'utf8').slice(0, -100));
    const { code } = await place.run(['eval', '--resume', before.path, '-j', '2']);
    expect(code).toBe(0);
    expect(resultOf(onlyRun(outOf(`resume-${signal}`)))).toEqual(resultOf(whole));
  });
});

describe('--resume', () => {
  it('of a finished run prints it again and changes nothing', async () => {
    const before = whole.files.filter((file) => file.includes('.')).map((file) => whole.read(file));
    const { code, stdout } = await place.inside(['eval', '--resume', whole.path, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).runs).toEqual([whole.header]);
    expect(whole.files.filter((file) => file.includes('.')).map((file) => whole.read(file))).toEqual(before);
  });

  it('of a finished run makes the probability files that are asked for only now', async () => {
    const args = ['eval', '-m', './model.mjs', '-d', 'tiny', '--out', outOf('later')];
    expect((await place.run(args)).code).toBe(0);
    const { path, files } = onlyRun(outOf('later'));
    expect(files).not.toContain('probs-eot.json');
    expect((await place.run(['eval', '--resume', path, '--tracks'])).code).toBe(0);
    expect(resultOf(onlyRun(outOf('later')))).toEqual(resultOf(whole));
  });

  it('refuses a run of another specification, and says what differs', async () => {
    const before = await stopped('other', 'SIGKILL');
    const { code, stderr } = await place.inside(['eval', '--resume', before.path, '--threshold', '0.3', '--seed', '2']);
    expect(code).toBe(2);
    expect(stderr).toContain('threshold: 0.5 in the run, 0.3 now');
    expect(stderr).toContain('seed: 1 in the run, 2 now');
  });

  it('refuses what is no run, and a run that another process writes', async () => {
    expect((await place.inside(['eval', '--resume', place.folder])).stderr).toContain('run.json');
    writeFileSync(join(place.folder, 'wait'), '');
    const started = place.start([...ARGS, '--out', outOf('busy')]);
    await started.said('waits');
    const { path } = onlyRun(outOf('busy'));
    const { code, stderr } = await place.run(['eval', '--resume', path]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/process \d+ on .* is writing the run/)]);
    // The same command begins another run instead.
    started.kill('SIGINT');
    await started.outcome;
  });

  it('runs failed conversations once more when asked to', async () => {
    const source = modelSource(
      `if (existsSync('broken') && passes === 3) throw new Error('broken'); ${LOUDNESS}`,
      'reset() { passes++; },',
    );
    writeTree(place.folder, {
      'breaking.mjs': `import { existsSync } from 'node:fs';\nlet passes = 0;\n${source}`,
      broken: '',
    });
    const out = outOf('retry');
    expect((await place.run(['eval', '-m', './breaking.mjs', '-d', 'tiny', '--out', out])).code).toBe(4);
    rmSync(join(place.folder, 'broken'));
    const run = onlyRun(out);
    expect((await place.run(['eval', '--resume', run.path])).code).toBe(4);
    expect((await place.run(['eval', '--resume', run.path, '--retry-failed'])).code).toBe(0);
    expect(onlyRun(out).header).toMatchObject({ status: 'success', failures: [], totals: { conversations: 4 } });
  });
});
