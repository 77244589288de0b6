/** Every arrow has a file: what a run wrote is read back by the other commands, with the same numbers. */

import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';

const place = workplace();
/** energy-vad on the whole of mini, and on two conversations of it, with probability files. */
let whole: RunFiles;
let part: RunFiles;

beforeAll(async () => {
  for (const [out, selection] of [['whole', []] as const, ['part', ['--ids', '2,5']] as const]) {
    await place.run(['eval', '-m', 'energy-vad', '--tracks', '-q', '--out', out, ...selection]);
  }
  whole = onlyRun(join(place.folder, 'whole'));
  part = onlyRun(join(place.folder, 'part'));
});

async function json(...args: string[]) {
  const { code, stdout, stderr } = await place.inside([...args, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.inside(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).not.toContain('    at ');
  return stderr;
}

describe('turnbench score', () => {
  it('gives the scores of the run from its predictions file, in the documented shape', async () => {
    const score = await json('score', join(whole.path, 'predictions.json'));
    expect(Object.keys(score)).toEqual(['eot', 'int', 'conversations']);
    for (const task of ['eot', 'int'] as const) {
      const { tp, fn, fp, tn, recall, fp_rate, latency_ms, intervals } = whole.header.totals![task];
      const { false_alarms_per_hour, ...ownIntervals } = intervals;
      expect(score[task]).toEqual({ tp, fn, fp, tn, recall, fp_rate, latency_ms, intervals: ownIntervals });
      for (const row of whole.rows) {
        const { latencies_ms, ...counts } = row.status === 'ok' ? row.counts![task] : never();
        const scored = score.conversations[row.conversation_id][task];
        expect(Object.keys(scored)).toEqual([
          'tp',
          'fn',
          'fp',
          'tn',
          'recall',
          'fp_rate',
          'latency_ms',
          'latencies_ms',
        ]);
        expect(scored).toMatchObject({ ...counts, latencies_ms });
        expect(scored.recall).toBe(counts.tp / (counts.tp + counts.fn));
      }
    }
  });

  it('prints one table for people', async () => {
    const { code, stdout, stderr } = await place.inside(['score', whole.path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).toMatch(/^EOT +1\.000 \[1\.000–1\.000\] +0\.857 \[/m);
  });

  it('takes a run folder for the conversations that it has', async () => {
    const { tp, fn, fp, tn } = part.header.totals!.eot;
    const score = await json('score', part.path);
    expect(score.eot).toMatchObject({ tp, fn, fp, tn });
    expect(Object.keys(score.conversations)).toEqual(['2', '5']);
    const stderr = await refused('score', join(part.path, 'predictions.json'));
    expect(stderr).toContain("conversation '1' is missing");
  });

  it('says which command reads a file of another kind', async () => {
    const stderr = await refused('score', join(whole.path, 'probs-eot.json'));
    expect(stderr).toContain('probs-eot.json is a probability file, not a predictions file\nhint: turnbench sweep');
  });
});

describe('turnbench sweep', () => {
  it('sweeps the probability files of a run, in the documented shape', async () => {
    const sweep = await json('sweep', whole.path);
    expect(Object.keys(sweep)).toEqual(['task', 'rows', 'operating_point', 'latency_first', 'cutoff_first']);
    expect(sweep.task).toBe('eot');
    const columns = ['recall', 'fp_rate', 'false_int_rate', 'latency_p10_ms', 'latency_p50_ms', 'latency_p90_ms'];
    const [counts, endpoint] = [
      ['tp', 'fp', 'fn', 'tn'],
      ['cutoff_rate', 'ep50_ms', 'ep90_ms'],
    ];
    for (const row of sweep.rows) expect(Object.keys(row)).toEqual(['threshold', ...columns, ...counts, ...endpoint]);
    const thresholds: number[] = sweep.rows.map((row: { threshold: number }) => row.threshold);
    expect(thresholds).toEqual([...new Set(thresholds)].sort((a, b) => a - b));
    for (let k = 1; k < 100; k++) expect(thresholds).toContain(k / 100);
    expect(sweep.operating_point.fp_rate).toBeLessThanOrEqual(0.1);
    expect(sweep.rows).toContainEqual(sweep.operating_point);
    expect(await json('sweep', join(whole.path, 'probs-eot.json'))).toEqual(sweep);
  });

  it('commits the onsets that the run committed when nothing is suppressed', async () => {
    const sweep = await json(
      'sweep',
      whole.path,
      '--task',
      'int',
      '--refractory',
      '0',
      '--thresholds',
      '0.05:0.95:0.05',
    );
    for (const [k, row] of whole.header.sweep!.entries()) {
      expect(sweep.rows[k]).toMatchObject({
        threshold: row.threshold,
        recall: row.int_recall,
        fp_rate: row.int_fp_rate,
        latency_p50_ms: row.int_latency_p50_ms,
        tp: row.int_tp,
        fp: row.int_fp,
        fn: row.int_fn,
      });
    }
  });

  it('takes a run folder for the conversations that it has', async () => {
    const { rows } = await json('sweep', part.path, '--thresholds', '0.5', '--task', 'int', '--refractory', '0');
    const { tp, fp, fn } = part.header.totals!.int;
    expect(rows).toMatchObject([{ tp, fp, fn }]);
  });

  it('marks the operating point for people and thins out a long list', async () => {
    const { stdout } = await place.inside(['sweep', whole.path, '--fp-budget', '0.2']);
    expect(stdout).toMatch(/^→ +0\.\d+ +/m);
    expect(stdout).toContain('highest recall with a false-positive rate of at most 0.2');
    expect(stdout).toMatch(/\d\d of \d\d\d thresholds shown; --json has all/);
    const { stdout: none } = await place.inside(['sweep', whole.path, '--thresholds', '0.9', '--fp-budget', '0']);
    expect(none).toContain('no threshold keeps the false-positive rate within 0');
  });

  it('says which command reads a file of another kind, and what makes probability files', async () => {
    const predictions = await refused('sweep', join(whole.path, 'predictions.json'));
    expect(predictions).toContain('is a predictions file, not a probability file\nhint: turnbench score');
    await place.inside(['eval', '-m', 'never', '-n', '1', '-q', '--out', 'bits']);
    const without = await refused('sweep', onlyRun(join(place.folder, 'bits')).path);
    expect(without).toContain('has no probs-eot.json\nhint: make the run with --tracks');
  });
});

describe('turnbench check', () => {
  it('accepts every file of a run', async () => {
    const conversations = 6;
    expect(await json('check', whole.path)).toMatchObject({ ok: true, kind: 'run (success)', conversations });
    for (const [file, kind] of [
      ['predictions.json', 'predictions file'],
      ['probs-eot.json', 'probability file'],
      ['probs-int.json', 'probability file'],
    ] as const) {
      expect(await json('check', join(whole.path, file))).toMatchObject({ ok: true, kind, conversations });
    }
    expect((await place.inside(['check', part.path])).stdout).toMatch(
      / is a valid run \(success\) \(2 conversations\)\n$/,
    );
  });

  it('finds a damaged run', async () => {
    const damaged = join(place.folder, 'damaged');
    cpSync(part.path, damaged, { recursive: true });
    const rows = part.read('conversations.jsonl').split('\n');
    writeFileSync(join(damaged, 'conversations.jsonl'), `${rows[0]}\n${rows[1]!.slice(0, 100)}`);
    expect(await refused('check', damaged)).toContain('conversations.jsonl has no row for 5');
    writeFileSync(join(damaged, 'conversations.jsonl'), `${rows[0]}\n{"conversation_id": 5}\n`);
    expect(await refused('check', damaged)).toContain('conversations.jsonl, row 2');
    writeFileSync(join(damaged, 'run.json'), part.read('run.json').replace('"success"', '"fine"'));
    expect(await refused('check', damaged)).toContain('status');
    writeFileSync(join(damaged, 'run.json'), '{');
    expect(await refused('check', damaged)).toMatch(/run\.json:\d+:\d+: /);
  });

  it('finds a probability file of the wrong length, and a run on other data', async () => {
    const cut = JSON.parse(whole.read('probs-int.json'));
    cut.probs[2].speaker_2.prob.pop();
    writeFileSync(join(place.folder, 'cut.json'), JSON.stringify(cut));
    expect(await refused('check', 'cut.json')).toMatch(
      /probs\[2\]\.speaker_2\.prob \(conversation '3'\): \d+ values, expected/,
    );
    await place.inside(['datasets', 'synth', 'other', '--conversations', '1', '--minutes', '0.1', '--audio', 'none']);
    for (const command of ['score', 'sweep', 'check']) {
      expect(await refused(command, part.path, '-d', 'other')).toMatch(/is a run on mini .*, not on .*\nhint: .* -d$/m);
    }
  });
});

function never(): never {
  throw new Error('a conversation failed');
}
