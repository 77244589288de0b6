/** `report` and the figures of `eval`, on run folders as they are on the disk. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RunFiles, runFolders, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { assertWellFormed, marks } from '../helpers/svg.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const path = (...parts: string[]): string => join(place.folder, ...parts);

let runs: readonly RunFiles[];

beforeAll(async () => {
  writeTree(path('tiny'), tinyDataset('1', '2'));
  writeTree(place.folder, { 'loud.mjs': modelSource(LOUDNESS) });
  for (const model of ['./loud.mjs', 'energy-vad']) {
    const { code } = await place.inside(['eval', '-m', model, '-d', 'tiny', '--out', 'runs']);
    expect(code).toBe(0);
  }
  runs = runFolders(path('runs'));
});

function linkedFigures(markdown: string): string[] {
  return [...markdown.matchAll(/^!\[.+\]\((.+\.svg)\)$/gm)].map(([, link]) => decodeURIComponent(link!));
}

describe('turnbench eval', () => {
  it('writes figures beside its report, which shows all of them', () => {
    for (const run of runs) {
      const links = linkedFigures(run.read('report.md'));
      const files = readdirSync(join(run.path, 'figures')).map((file) => `figures/${file}`);
      expect([...links].sort()).toEqual(files.sort());
      for (const link of links) assertWellFormed(run.read(link));
    }
    expect(runs.some((run) => existsSync(join(run.path, 'figures', 'eot-recall.svg')))).toBe(true);
  });

  it('shows the sweep that was asked for, and chooses within the budget that was asked for', async () => {
    const args = ['eval', '-m', 'energy-vad', '-d', 'tiny', '--sweep', '0.5,0.7', '--fp-budget', '1', '--out', 'asked'];
    const { stdout, stderr } = await place.inside(args);
    expect(stderr).not.toContain('error');
    expect(stdout).toMatch(/^energy-vad: EOT sweep$/m);
    expect(stdout).toMatch(/^→.* 0\.50 /m);
    const [{ header }] = runFolders(path('asked')) as [RunFiles];
    expect(header.operating_points).toMatchObject({ fp_budget: 1, eot: { threshold: 0.5 } });
    expect(header.spec.fp_budget).toBe(1);
    // What is chosen by default is not part of what was asked.
    expect(runs[0]!.header.spec).not.toHaveProperty('fp_budget');
  });
});

describe('turnbench report', () => {
  it('draws the runs together and says which files it wrote', async () => {
    const { code, stdout } = await place.inside([
      'report',
      ...runs.map((run) => run.path),
      '--svg',
      'new/drawn',
      '--json',
    ]);
    expect(code).toBe(0);
    const { figures, md } = JSON.parse(stdout);
    expect(md).toBeNull();
    for (const { file, title } of figures) expect(readFileSync(path(file), 'utf8')).toContain(title);
    const recall = readFileSync(path('new/drawn/eot-recall.svg'), 'utf8');
    expect(marks(recall, 'point').length).toBe(runs.flatMap(({ header }) => header.sweep!).length);
  });

  it('writes a document that links to its figures, wherever they are', async () => {
    const both = runs.map((run) => run.path);
    await place.inside(['report', ...both, '--md', 'docs/both.md', '--svg', 'pictures (new)']);
    await place.inside(['report', both[0]!, '--md', 'docs/one.md']);
    for (const file of ['docs/both.md', 'docs/one.md']) {
      const links = linkedFigures(readFileSync(path(file), 'utf8'));
      expect(links.length).toBeGreaterThan(3);
      for (const link of links) expect(existsSync(path(dirname(file), link)), link).toBe(true);
    }
    expect(readFileSync(path('docs/both.md'), 'utf8')).toMatch(/\]\(\.\.\/pictures%20%28new%29\/eot-recall\.svg\)/);
  });

  it('writes the same bytes again', async () => {
    for (const folder of ['a', 'b']) await place.inside(['report', runs[0]!.path, '--svg', folder]);
    const read = (folder: string) => readdirSync(path(folder)).map((file) => readFileSync(path(folder, file), 'utf8'));
    expect(read('a')).toEqual(read('b'));
  });

  it('warns of runs that do not compare', async () => {
    writeTree(path('other'), tinyDataset('1', '2', '3'));
    await place.inside(['eval', '-m', 'energy-vad', '-d', 'other', '--out', 'elsewhere']);
    const [other] = runFolders(path('elsewhere')) as [RunFiles];
    const { code, stderr } = await place.inside(['report', runs[0]!.path, other.path, '--svg', 'mixed']);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: these runs are not on the same conversations');
  });

  it('refuses what it cannot read or write with a reason and a remedy, and leaves nothing behind', async () => {
    mkdirSync(path('empty'), { recursive: true });
    mkdirSync(path('torn'), { recursive: true });
    writeFileSync(path('torn', 'run.json'), '{"schema_version": 1}');
    writeFileSync(path('a-file'), '');
    const good = runs[0]!.path;
    const cases: [string[], string][] = [
      [['empty', '--svg', 'none'], 'empty is not a run folder: it has no run.json'],
      [['torn', '--svg', 'none'], 'is not a run of this version'],
      [[good], 'nothing to write was asked for\nhint: add --html <file>, --md <file> or --svg <folder>'],
      [[good, '--svg', 'a-file'], 'cannot create folder'],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await place.inside(['report', ...args]);
      expect(stderr).toContain(message);
      expect(code).toBe(2);
    }
    expect(existsSync(path('none'))).toBe(false);
  });

  it('has nothing to draw of a run without scores', async () => {
    const [one] = runs as [RunFiles];
    writeTree(path('bare'), { 'conversations.jsonl': '' });
    const bare = { ...one.header, totals: null, sweep: null, operating_points: null };
    writeFileSync(path('bare', 'run.json'), JSON.stringify(bare));
    const { code, stderr } = await place.inside(['report', 'bare', '--svg', 'none']);
    expect(stderr).toContain('there is nothing to draw: no run has a score');
    expect(code).toBe(2);
  });
});

describe('turnbench sweep --csv', () => {
  it('writes the rows in the columns of sweep.csv, empty where a file knows nothing', async () => {
    await place.inside(['eval', '-m', 'energy-vad', '-d', 'tiny', '--tracks', '--out', 'tracked']);
    const [run] = runFolders(path('tracked')) as [RunFiles];
    const grid = ['--thresholds', '0.05:0.95:0.05', '--refractory', '0'];
    const { code } = await place.inside([
      'sweep',
      run.path,
      '-d',
      'tiny',
      '--task',
      'int',
      ...grid,
      '--csv',
      'int.csv',
    ]);
    expect(code).toBe(0);
    const own = run
      .read('sweep.csv')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const csv = readFileSync(path('int.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(csv[0]).toEqual(own[0]);
    const known = own[0]!.map((column) => column === 'threshold' || column.startsWith('int_'));
    for (const [i, cells] of csv.slice(1).entries()) {
      expect(cells).toEqual(own[i + 1]!.map((cell, k) => (known[k] ? cell : '')));
    }
  });
});
