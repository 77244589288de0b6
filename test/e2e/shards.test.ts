import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, type RunFiles, withoutTiming, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const IDS = ['1', '2', '3', '4', '5'];
const SHARDS = [1, 2];

function inPlace(...names: readonly string[]): string {
  return join(place.folder, ...names);
}

function evalInto(out: string, ...more: readonly string[]) {
  return place.inside(['eval', '-m', './model.mjs', '-d', 'tiny', '--tracks', '--out', out, ...more]);
}

/** A copy of the runs of both shards, for a test that spoils one. */
function copiedShards(name: string): [RunFiles, RunFiles] {
  cpSync(inPlace('shards'), inPlace(name), { recursive: true });
  return [onlyRun(inPlace(name, '1')), onlyRun(inPlace(name, '2'))];
}

function rewrite(run: RunFiles, file: string, change: (text: string) => string): void {
  writeFileSync(join(run.path, file), change(run.read(file)));
}

function resultOf(run: RunFiles): unknown {
  const { spec, spec_sha256, totals, sweep, operating_points, failures, warnings, status } = run.header;
  const files = run.files.filter((name) => /\.(csv|json)$/.test(name) && name !== 'run.json');
  return {
    ...{ spec, spec_sha256, totals, sweep, operating_points, failures, warnings, status },
    rows: withoutTiming(run),
    names: run.files,
    files: files.map(run.read),
  };
}

let whole: RunFiles;
beforeAll(async () => {
  // An odd label, which a run warns of, in a conversation that only one of the shards has.
  const annotations = JSON.stringify(tinyDataset('2')['2/annotations.json']).replace('Normal Turn', 'Abnormal Turn');
  writeTree(inPlace('tiny'), { ...tinyDataset(...IDS), '2/annotations.json': annotations });
  writeTree(place.folder, { 'model.mjs': modelSource(LOUDNESS) });
  await evalInto('whole');
  whole = onlyRun(inPlace('whole'));
  for (const shard of SHARDS) await evalInto(`shards/${shard}`, '--shard', `${shard}/2`);
});

describe('eval --shard', () => {
  it('streams its part of the selection, and says that it is a part', async () => {
    const [one, two] = SHARDS.map((shard) => onlyRun(inPlace('shards', String(shard))));
    expect(one!.header).toMatchObject({ status: 'success', spec: { shard: { index: 1, count: 2 } } });
    expect(one!.header.spec.dataset.ids).toEqual(IDS);
    const streamed = [one!, two!].map(({ rows }) => rows.map((row) => row.conversation_id));
    expect(streamed).toEqual([
      ['1', '3', '5'],
      ['2', '4'],
    ]);
    expect(one!.read('report.md')).toContain('- shard: 1 of 2');
    const checked = await place.inside(['check', one!.path, '-d', 'tiny']);
    expect(checked.stdout).toContain('(3 conversations)');
    const planned = await evalInto('nowhere', '--shard', '2/2', '--dry-run');
    expect(planned.stdout).toContain('shard 2 of 2 of 5 conversations');
  });

  it('that is done already does nothing when it is started again', async () => {
    const before = onlyRun(inPlace('shards', '1'));
    const { code, stderr } = await evalInto('shards/1', '--shard', '1/2');
    expect([code, stderr]).toEqual([0, expect.stringContaining('going on with ')]);
    expect(onlyRun(inPlace('shards', '1')).rows).toEqual(before.rows);
  });

  it.each([
    [['--shard', '3/2'], 'must be k/n'],
    [['--shard', '0/2'], 'must be k/n'],
    [['--shard', 'two'], 'must be k/n'],
    [['--shard', '1/6'], '5 conversations cannot be divided into 6 shards'],
    [['--shard', '1/2', '--baseline', 'baselines'], 'a baseline is not held against a shard'],
  ])('%j is refused', async (flags, message) => {
    const { code, stderr } = await evalInto('nowhere', ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(inPlace('nowhere'))).toBe(false);
  });
});

describe('merge', () => {
  it('makes, to the byte, the run that one machine would have made', async () => {
    const { code, stdout, stderr } = await place.inside(['merge', 'shards', '--out', 'merged']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('tiny 1.0.0');
    const merged = onlyRun(inPlace('merged'));
    expect(resultOf(merged)).toEqual(resultOf(whole));
    expect(merged.header.warnings).toEqual([expect.stringContaining("'Abnormal Turn' (1")]);
    expect(merged.path).toMatch(/_tiny_[0-9a-f]{6}$/);
  });

  it('gives the same whatever the order of the runs, and when one is named twice', async () => {
    const [one, two] = SHARDS.map((shard) => onlyRun(inPlace('shards', String(shard))).path);
    const { stdout } = await place.inside(['merge', two!, one!, two!, '--out', 'swapped', '--json']);
    const merged = onlyRun(inPlace('swapped'));
    expect(JSON.parse(stdout)).toEqual({ runs: [merged.header] });
    expect(resultOf(merged)).toEqual(resultOf(whole));
  });

  it('keeps conversations that failed, and exits with 4', async () => {
    const body = `if (passes === 2) throw new Error('broken'); ${LOUDNESS}`;
    writeTree(place.folder, { 'failing.mjs': `let passes = 0;\n${modelSource(body, 'reset() { passes++; },')}` });
    for (const shard of SHARDS) {
      await place.inside([
        'eval',
        '-m',
        './failing.mjs',
        '-d',
        'tiny',
        '--shard',
        `${shard}/2`,
        '--out',
        'failed/parts',
      ]);
    }
    const { code, stdout } = await place.inside(['merge', 'failed/parts', '--out', 'failed/merged']);
    expect([code, stdout]).toEqual([4, expect.stringMatching(/failed: .* conversation 1: .*speaker 2 as subject/)]);
    const { header, rows } = onlyRun(inPlace('failed', 'merged'));
    expect(header).toMatchObject({ status: 'partial', failures: [{ conversation_id: '1' }] });
    expect(rows).toHaveLength(5);
  });

  it('names the conversations and the shard that are missing', async () => {
    const { code, stderr } = await place.inside(['merge', 'shards/1', '--out', 'nowhere']);
    expect(code).toBe(2);
    expect(stderr).toContain('2 of 5 conversations are missing: 2, 4\n  - there is no run of shard 2/2\n');
    expect(existsSync(inPlace('nowhere'))).toBe(false);
  });

  it('refuses a run that has not ended, unless another one has all of it', async () => {
    const [one] = copiedShards('interrupted');
    rewrite(one, 'run.json', (text) => text.replace('"status": "success"', '"status": "interrupted"'));
    const refused = await place.inside(['merge', 'interrupted', '--out', 'nowhere']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /3 of 5 .* missing: 1, 3, 5\n {2}- shard 1\/2 \(.*\) has not ended: its status is 'int/,
    );

    cpSync(inPlace('shards', '1'), inPlace('interrupted', '1-again'), { recursive: true });
    mkdirSync(inPlace('interrupted', '3', 'made-and-not-filled'), { recursive: true });
    const { code, stderr } = await place.inside(['merge', 'interrupted', '--out', 'recovered']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('has not ended; other runs have all')]);
    expect(resultOf(onlyRun(inPlace('recovered')))).toEqual(resultOf(whole));
  });

  it('refuses runs of another specification or program, and names every difference', async () => {
    const [, two] = copiedShards('mixed');
    rewrite(two, 'run.json', (text) =>
      text.replace('"seed": 1', '"seed": 2').replace(/"turnbench": ".*?"/, '"turnbench": "9.9.9"'),
    );
    const { code, stderr } = await place.inside(['merge', 'mixed', '--out', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('are not parts of one run:\n')]);
    expect(stderr).toContain('  - seed: 1 and 2\n');
    expect(stderr).toMatch(/ {2}- turnbench: "0\..*" and "9\.9\.9"\n/);
  });

  it('refuses runs that disagree on a conversation', async () => {
    const [one] = copiedShards('disagreeing');
    cpSync(one.path, inPlace('disagreeing', '1', 'again'), { recursive: true });
    rewrite(one, 'conversations.jsonl', (text) => text.replace('"tp":', '"tp":1'));
    const { code, stderr } = await place.inside(['merge', 'disagreeing', '--out', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(' disagree on conversation 1\n')]);
  });

  it('leaves nothing behind when a file of a shard is broken', async () => {
    const [, two] = copiedShards('broken');
    rewrite(two, 'probs-int.json', (text) => text.slice(0, 100));
    const { code, stderr } = await place.inside(['merge', 'broken', '--out', 'half']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('probs-int.json is not as this version writes')]);
    expect(readdirSync(inPlace('half'))).toEqual([]);
  });

  it('writes no probability files unless all shards have them', async () => {
    const [one, two] = copiedShards('untracked');
    for (const file of ['probs-eot.json', 'probs-int.json']) rmSync(join(one.path, file));
    expect((await place.inside(['merge', one.path, two.path, '--out', 'plain'])).code).toBe(0);
    const { files } = onlyRun(inPlace('plain'));
    expect(files).not.toContain('probs-eot.json');
  });

  it('refuses what is no run', async () => {
    expect((await place.inside(['merge', 'tiny'])).stderr).toContain('tiny is no run folder and holds none');
    expect((await place.inside(['merge', 'missing'])).stderr).toContain('no such file or folder');
  });
});

describe('a shard that was stopped', () => {
  it('saves itself however often it is told to, and goes on by the same command', async () => {
    const wait = `import { existsSync } from 'node:fs';\nlet passes = 0;\n`;
    const body = `if (passes === 3 && existsSync('wait')) { console.error('waits'); return new Promise(() => {}); } ${LOUDNESS}`;
    const source = `${wait}${modelSource(body, 'reset() { passes++; },')}`;
    writeTree(place.folder, { 'waiting.mjs': source, wait: '' });
    const args = ['eval', '-m', './waiting.mjs', '-d', 'tiny', '--step-deadline', '9999', '--shard', '1/2'];
    const started = place.start([...args, '--out', 'stopped/1']);
    await started.said('waits');
    started.kill('SIGTERM');
    started.kill('SIGTERM');
    expect((await started.outcome).code).toBe(130);
    expect(onlyRun(inPlace('stopped', '1'))).toMatchObject({ header: { status: 'interrupted' }, rows: { length: 1 } });
    rmSync(inPlace('wait'));
    expect((await place.inside([...args, '--out', 'stopped/1'])).code).toBe(0);
    const { header, rows } = onlyRun(inPlace('stopped', '1'));
    expect([header.status, rows.length]).toEqual(['success', 3]);
  });

  it('waits for a process on another machine that may still be alive, and takes over when it is not', async () => {
    cpSync(inPlace('shards', '1'), inPlace('elsewhere'), { recursive: true });
    const { path } = onlyRun(inPlace('elsewhere'));
    const lock = join(path, 'run.lock');
    writeFileSync(lock, JSON.stringify({ token: 'a', pid: 1, host: 'another-machine' }));
    const touchedS = Date.now() / 1000 - 59.5;
    utimesSync(lock, touchedS, touchedS);
    const { code, stderr } = await evalInto('elsewhere', '--shard', '1/2');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/until a moment ago: waiting for it\ngoing on with/)]);
    expect(onlyRun(inPlace('elsewhere')).path).toBe(path);
  });
});
