import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, sha256Text } from '../../src/io/hash.js';
import type { RunHeader } from '../../src/result/schema.js';
import { type Outcome, type RunFiles, runFolders, withoutTiming, workplace } from '../helpers/cli.js';

const MODELS = ['energy-vad', 'silero-vad', 'silero-vad-500ms'];

const COLUMNS =
  'threshold,eot_recall,eot_fp_rate,eot_latency_p10_ms,eot_latency_p50_ms,eot_latency_p90_ms,eot_tp,eot_fn,eot_fp,' +
  'eot_tn,int_recall,int_fp_rate,int_latency_p10_ms,int_latency_p50_ms,int_latency_p90_ms,int_tp,int_fn,int_fp,' +
  'int_tn,floor_accuracy,floor_balanced_accuracy,floor_f1,cutoff_rate,ep50_ms,ep90_ms';

const place = workplace();
let outcome: Outcome;
/** Whole runs, one per model. */
let runs: RunFiles[];
/** The same of the first two conversations only. */
let short: RunFiles[];

beforeAll(async () => {
  // At once: they must not get in each other's way, neither in an empty cache nor in the folder of runs.
  [outcome] = await Promise.all([place.run(['eval']), place.run(['eval', '-n', '2', '-q'])]);
  const all = runFolders(join(place.folder, 'results'));
  runs = all.filter(({ rows }) => rows.length === 6);
  short = all.filter(({ rows }) => rows.length === 2);
});

describe('turnbench eval without arguments', () => {
  it('prints one table of the bundled baselines, and nothing but the product, on stdout', () => {
    const { code, stdout, stderr } = outcome;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mini 1\.0\.0 \([0-9a-f]{12}\) · 6 conversations · 8\.1 min\n\nmodel .* recall .*\n/);
    for (const model of MODELS) expect(stdout).toMatch(new RegExp(`^${model} +0\\.50 +EOT +\\d\\.\\d{3} \\[`, 'm'));
    const saved = [...stdout.matchAll(/^saved {2}(.+)$/gm)].map((match) => join(place.folder, match[1]!));
    expect(saved).toHaveLength(3);
    expect(saved.filter((path) => !existsSync(path))).toEqual([]);
    expect(stdout).not.toMatch(/warning|error|NaN|undefined|conversation 1/);
    expect(stderr.match(/: conversation \d/g)).toHaveLength(18);
    expect(stderr).toContain('silero-vad: conversation 6 · 88 s in ');
  });

  it('prints what the README shows, but for the time it took', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const shown = readme.split('```text\n')[1]!.split('```')[0]!;
    const plain = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '' && !/^saved|^…/.test(line))
        // The last column of the floor table, the one table with brackets that ends in a decimal, is the real-time factor.
        .map((line) => line.replace(/(RTF|(?<=\].*)\d+\.\d+)$/, '').trimEnd());
    expect(plain(shown)).toEqual(plain(outcome.stdout));
  });

  it('makes a run folder for each model, whose header holds the whole truth', () => {
    expect(runs.map(({ header }) => header.spec.model.name).sort()).toEqual(MODELS);
    expect(short.map(({ header }) => header.spec.model.name).sort()).toEqual(MODELS);
    for (const { path, header, rows, files } of runs) {
      const reports = ['figures', 'predictions.json', 'report.md', 'run.json', 'sweep.csv'];
      expect(files).toEqual(['conversations.jsonl', ...reports]);
      expect(header).toMatchObject({ status: 'success', failures: [], warnings: [], operating_threshold: 0.5 });
      expect(path.endsWith(header.run)).toBe(true);
      expect(header.run).toMatch(/^\d{4}-\d\d-\d\dT\d{6}Z_[\w-]+_mini_[0-9a-f]{6}$/);
      expect(header.spec_sha256).toBe(sha256Text(canonicalJson(header.spec)));
      expect(header.environment).toMatchObject({ node: process.versions.node, argv: ['eval'] });
      expect(rows.map((row) => row.conversation_id)).toEqual(['1', '2', '3', '4', '5', '6']);
    }
  });

  it('finds what voice activity can find in synthetic speech', () => {
    for (const { header } of runs) {
      const { eot, int, floor } = header.totals!;
      expect(Math.min(eot.recall!, int.recall!)).toBeGreaterThan(0.9);
      expect(floor.auc).toBeGreaterThan(0.85);
      expect(header.timing!.rtf).toBeGreaterThan(0);
    }
  });

  it('writes the sweep in the documented columns, one row per threshold', () => {
    for (const run of runs) {
      const [columns, ...lines] = run.read('sweep.csv').trimEnd().split('\n');
      expect(columns).toBe(COLUMNS);
      const cells = lines.map((line) => line.split(',').map((cell) => (cell === '' ? null : Number(cell))));
      expect(cells.map(([threshold]) => threshold)).toEqual(Array.from({ length: 19 }, (_, k) => (5 + 5 * k) / 100));
      expect(cells).toEqual(run.header.sweep!.map((row) => Object.values(row)));
    }
  });

  it('repeats the numbers of the run in its report', () => {
    for (const run of runs) {
      const report = run.read('report.md');
      for (const number of shownNumbers(run.header)) expect(report).toContain(number);
      expect(report).not.toMatch(/NaN|undefined|null/);
    }
  });

  it('gives a conversation the same events and counts in every run', () => {
    for (const run of runs) {
      const other = short.find(({ header }) => header.spec.model.name === run.header.spec.model.name)!;
      expect(withoutTiming(other)).toEqual(withoutTiming(run).slice(0, 2));
      const events = (files: RunFiles) => JSON.parse(files.read('predictions.json')).predictions.slice(0, 2);
      expect(events(other)).toEqual(events(run));
    }
  });

  it('writes what its own check accepts', async () => {
    const silero = runs.find(({ header }) => header.spec.model.name === 'silero-vad')!;
    for (const path of [silero.path, join(silero.path, 'predictions.json')]) {
      expect(await place.run(['check', path])).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

/** A sample of every table of the report. */
function shownNumbers({ spec, totals, sweep }: RunHeader): string[] {
  const { eot, int, floor, endpoint } = totals!;
  const rates = [eot.recall, eot.fp_rate, int.recall, int.fp_rate, floor.accuracy, floor.auc, endpoint.cutoff_rate];
  const states = Object.values(floor.accuracy_by_state);
  const milliseconds = [eot.latency_ms.p50, int.latency_ms.p90, endpoint.ep50_ms].map((ms) =>
    ms === null ? '—' : String(Math.round(ms)),
  );
  return [
    ...[...rates, ...states, ...sweep!.map((row) => row.floor_f1)].map((value) => value!.toFixed(3)),
    ...milliseconds,
    `| ${eot.tp} | ${eot.fn} | ${eot.fp} | ${eot.tn} |`,
    ...spec.model.weights.map(({ sha256 }) => sha256),
  ];
}
