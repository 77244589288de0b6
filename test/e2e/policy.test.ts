/** Policies of finished runs and of files, as a user judges them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runFolders, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { readFixture } from '../helpers/fixtures.js';
import type { PolicyFixture } from '../helpers/policy.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';
import { userTurns } from '../helpers/user-turns.js';

const place = workplace();
let turnRun = '';
let talkRun = '';

beforeAll(async () => {
  writeTree(join(place.folder, 'turns'), userTurns());
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
  writeTree(place.folder, { 'loudness.mjs': modelSource(LOUDNESS) });
  for (const [dataset, out] of [
    ['eot:turns', 'turn-runs'],
    ['tiny', 'talk-runs'],
  ] as const) {
    const { code, stderr } = await place.inside(['eval', '-m', './loudness.mjs', '-d', dataset, '--out', out, '-q']);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  }
  turnRun = runFolders(join(place.folder, 'turn-runs'))[0]!.path;
  talkRun = runFolders(join(place.folder, 'talk-runs'))[0]!.path;
});

const policy = (...args: string[]) => place.inside(['policy', ...args]);
const resultsOf = (stdout: string) => JSON.parse(stdout).results;

describe('turnbench policy', () => {
  it('judges a run on single turns per language, without a model', async () => {
    const { code, stdout, stderr } = await policy(turnRun, '-d', 'eot:turns', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const results = resultsOf(stdout);
    expect(results.map(({ protocol, language }: never) => [protocol, language])).toEqual([
      ['eot-bench', 'de'],
      ['eot-bench', 'en'],
    ]);
    // The model lets go one step after the tone: it waits for nothing but its delay, as the baseline does.
    const [german] = results;
    expect(german).toMatchObject({ n_hold_spans: 1, n_eot_spans: 1, interval_s: 0.1, score_mode: 'max' });
    expect(german.operating_points['5pct']).toMatchObject({ action_delay: 0.6, mean_latency: 0.6, cutoff_rate: 0 });
    expect(german.vad_report.mean_latency_at_cutoff['0.05']).toBe(0.6);
    expect(german.rows).toBeUndefined();
  });

  it('judges two-channel conversations by the same rule, and says that they are not the same data', async () => {
    const { code, stdout } = await policy(talkRun, '-d', 'tiny');
    expect(code).toBe(0);
    expect(stdout).toContain('policy sweep on two-channel conversations · tiny');
    expect(stdout).toContain('not comparable with published eot-bench numbers');
  });

  it('shows both side by side when both data sets are named', async () => {
    const { stdout } = await policy(turnRun, talkRun, '-d', 'eot:turns', '-d', 'tiny', '--json', '--rows');
    const results = resultsOf(stdout);
    expect(results.map(({ protocol }: never) => protocol)).toEqual(['eot-bench', 'eot-bench', 'two-channel']);
    expect(results[2]).toMatchObject({ n_hold_spans: 2, turn_ends: { silence_ended_by: { other: 2, audio: 2 } } });
    expect(results[2].rows.length).toBeGreaterThan(5000);
  });

  it('is a part of the report when the data sets are named', async () => {
    const report = ['report', turnRun, talkRun, '--md', 'both.md', '-d', 'eot:turns', '-d', 'tiny'];
    expect((await place.inside(report)).code).toBe(0);
    const text = readFileSync(join(place.folder, 'both.md'), 'utf8');
    expect(text.match(/^## .*polic.*$/gm)).toEqual([
      '## eot-bench policy sweep · turns, de · 1 pauses, 1 ends of turn · every 100 ms',
      '## eot-bench policy sweep · turns, en · 1 pauses, 1 ends of turn · every 100 ms',
      '## policy sweep on two-channel conversations · tiny · 2 pauses, 4 ends of turn · every 100 ms',
    ]);
  });

  it('reproduces a published case from a file of prediction rows', async () => {
    const stored = readFixture<PolicyFixture>('eot-bench/policy-open').cases.find(
      ({ config }) => config.thresholds === null,
    )!;
    const rows = stored.predictions.map((values) =>
      JSON.stringify({
        language: 'en',
        ...Object.fromEntries(stored.prediction_fields.map((key, i) => [key, values[i]])),
      }),
    );
    writeTree(place.folder, { 'anybody.jsonl': `${rows.join('\n')}\n` });
    const { stdout } = await policy('anybody.jsonl', '--json');
    const [result] = resultsOf(stdout);
    expect(result.model).toBe('anybody');
    expect(result.operating_points['10pct']).toMatchObject({
      threshold: stored.expected.summary.operating_points['10pct']!.threshold,
      mean_latency: stored.expected.summary.operating_points['10pct']!.mean_latency,
    });
    expect(result.pareto.length).toBe(stored.expected.n_pareto);
  });

  it('judges the events of a service against the silences of the data set', async () => {
    const events = [
      { id: 'en-1', timestamp: 3.3 },
      { id: 'de-1', timestamp: 2.3, p_eot: 1 },
    ];
    writeTree(place.folder, { 'service.jsonl': events.map((event) => `${JSON.stringify(event)}\n`).join('') });
    const { stdout } = await policy('service.jsonl', '-d', 'eot:turns', '--language', 'EN', '--json');
    const results = resultsOf(stdout);
    expect(results.map(({ language }: never) => language)).toEqual(['en']);
    expect(results[0].operating_points['2pct']).toMatchObject({ mean_latency: 0.5, n_detect: 1, n_cutoff: 0 });
  });
});

describe('turnbench policy refuses', () => {
  const row = { id: 'x', span_index: 0, timestamp: 1, silence_dur: 0, p_eot: 0.5, label: 'hold' };
  const FILES = {
    'broken.jsonl': `${JSON.stringify({ ...row, p_eot: 2 })}\n${JSON.stringify({ ...row, label: 'pause' })}\n`,
    'torn.jsonl': JSON.stringify(row).slice(0, -9),
    'empty.jsonl': '\n',
    'stranger.jsonl': `${JSON.stringify(row)}\n`,
    'events.jsonl': '{"id": "nobody", "timestamp": 1}\n',
  };
  beforeAll(() => void writeTree(place.folder, FILES));

  it.each<[string, () => string[], string]>([
    ['a run on other data', () => [talkRun, '-d', 'eot:turns'], 'not on turns 1.0.0'],
    ['a file that is not there', () => ['none.jsonl'], 'none.jsonl'],
    ['rows that break the format, all of them', () => ['broken.jsonl'], 'row 2: label'],
    ['a file that was cut off', () => ['torn.jsonl'], 'torn.jsonl:1:'],
    [
      'rows about other silences',
      () => ['stranger.jsonl', '-d', 'eot:turns'],
      'turn x, silence 0 is no silence of the data set',
    ],
    ['a set without an end of turn', () => ['stranger.jsonl'], 'no silence is left to judge'],
    [
      'events without their silences',
      () => ['events.jsonl'],
      'no data set of single turns says where the silences are',
    ],
    ['events of unknown turns', () => ['events.jsonl', '-d', 'eot:turns'], "row 1: turns has no turn 'nobody'"],
    [
      'a language that is not there',
      () => [turnRun, '-d', 'eot:turns', '--language', 'fr'],
      "no turns of language 'fr'",
    ],
    ['a score point on two channels', () => [talkRun, '-d', 'tiny', '--score-point', '0.2'], 'have no score point'],
    [
      'thresholds that a run does not tell apart',
      () => [talkRun, '-d', 'tiny', '--thresholds', '0.333'],
      'does not tell the policy thresholds 0.333',
    ],
    ['delays below the shortest pause', () => [talkRun, '-d', 'tiny', '--action-delays', '0.1'], 'begin at 0.1 s'],
    ['an empty file', () => ['empty.jsonl'], 'empty.jsonl has no rows'],
    ['an interval below a step', () => [talkRun, '-d', 'tiny', '--interval', '0.001'], 'cannot be read every 0.001 s'],
    ['no numbers', () => [talkRun, '-d', 'tiny', '--timeouts', 'soon'], 'must be numbers with commas'],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await policy(...args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
