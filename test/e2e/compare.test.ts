/** Comparison, gate and baselines as a user runs them: a model that became worse is caught, the same again is not. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { BASELINES } from '../../src/cli/eval.js';
import { baselineSchema } from '../../src/compare/baseline.js';
import { comparisonSchema } from '../../src/compare/schema.js';
import { openDataset } from '../../src/dataset/catalogue.js';
import { GOLD_VERSION, SCORER_VERSION } from '../../src/result/schema.js';
import { onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';
import { parseXml } from '../helpers/xml.js';

const COMMITTED = fileURLToPath(new URL('../../baselines', import.meta.url));
const place = workplace();
const at = (...parts: readonly string[]) => join(place.folder, ...parts);

/** Answers what `LOUDNESS` does, so many steps of 20 ms later. */
function lateModel(steps: number): string {
  return modelSource(`
    const now = (() => { ${LOUDNESS} })();
    const queue = (state.queue ??= []);
    queue.push(now.pFloor);
    return { pFloor: queue.length > ${steps} ? queue.shift() : 0 };`);
}

async function evaluateTiny(model: string, out: string, ...more: readonly string[]) {
  const command = ['eval', '-m', `./${model}`, '-d', 'tiny', '--no-sweep', '-q', '--out', out];
  return place.inside([...command, ...more]);
}

beforeAll(async () => {
  writeTree(at('tiny'), tinyDataset('1', '2', '3', '4', '5', '6', '7'));
  writeTree(at('other'), tinyDataset('1', '2', '3', '4', '5', '6', '8'));
  writeTree(place.folder, {
    'loud.mjs': lateModel(0),
    'late.mjs': lateModel(5),
    'fragile.mjs': modelSource(`
      if (state.passes === undefined) state.passes = globalThis.passes = (globalThis.passes ?? 0) + 1;
      if (state.passes > 12) throw new Error('a\\n::error::]]>');
      ${LOUDNESS}`),
  });
  for (const [model, out] of [
    ['loud.mjs', 'a'],
    ['loud.mjs', 'again'],
    ['late.mjs', 'b'],
  ] as const) {
    expect((await evaluateTiny(model, out)).code).toBe(0);
  }
  expect((await place.inside(['baselines', 'update', onlyRun(at('a')).path])).code).toBe(0);
});

describe('comparing', () => {
  it('finds a model that answers 100 ms later worse, and the same model again not', async () => {
    const runs = ['a', 'again', 'b'].map((out) => onlyRun(at(out)).path);
    const { code, stdout } = await place.inside(['compare', ...runs, '--json']);
    expect(code).toBe(0);
    const { comparisons, conversations } = comparisonSchema.parse(JSON.parse(stdout));
    expect(conversations).toHaveLength(7);
    const [again, late] = comparisons.map(({ metrics }) => metrics);
    expect(new Set(again!.map(({ verdict, difference }) => `${verdict} ${difference || 0}`))).toEqual(
      new Set(['no evidence 0']),
    );
    expect(late!.find(({ metric }) => metric === 'eot_latency_p50_ms')).toMatchObject({
      ...{ reference: expect.closeTo(20, 6), value: expect.closeTo(120, 6), verdict: 'worse' },
    });
  });

  it('prints a table, or Markdown', async () => {
    const runs = ['a', 'b'].map((out) => onlyRun(at(out)).path);
    expect((await place.inside(['compare', ...runs])).stdout).toMatch(/^eot_latency_p50_ms +20 +120 +\+100 .*worse$/m);
    const { stdout } = await place.inside(['compare', ...runs, '--markdown']);
    expect(stdout).toContain('| eot_latency_p50_ms | 20 | 120 | +100 | [+100, +100] | worse |');
  });

  it('refuses runs on other data, and files that are neither run nor baseline', async () => {
    await place.inside(['eval', '-m', './loud.mjs', '-d', 'other', '--no-sweep', '-q', '--out', 'c']);
    const [a, c] = [onlyRun(at('a')).path, onlyRun(at('c')).path];
    const refused = await place.inside(['compare', a, c]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /error: these runs cannot be compared: 1 problem\n {2}- data revision: \w+ \(tiny\)/,
    );

    for (const [path, message] of [
      ['nowhere', 'cannot read nowhere'],
      ['tiny', 'tiny is no run folder: it has no run.json'],
      [join(c, 'predictions.json'), 'is not a baseline of this version'],
    ] as const) {
      const { code, stderr } = await place.inside(['compare', a, path]);
      expect([code, stderr], path).toEqual([2, expect.stringContaining(message)]);
    }
    expect((await place.inside(['compare', a])).code).toBe(2);
    expect((await place.inside(['compare', a, a, '--junit', 'x.xml'])).stderr).toContain('--junit belongs to a gate');
  });

  it('refuses the oracle, whose events no floor decided', async () => {
    await place.inside(['eval', '-m', 'oracle', '-d', 'tiny', '-q', '--out', 'oracle']);
    const { code, stderr } = await place.inside(['compare', onlyRun(at('a')).path, onlyRun(at('oracle')).path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('commit rule: floor-edges in the reference')]);
  });
});

describe('the gate of an evaluation', () => {
  it('passes the same model again', async () => {
    const { code, stdout } = await evaluateTiny('loud.mjs', 'passed', '--baseline', 'baselines');
    expect(code).toBe(0);
    expect(stdout).toContain('gate of ./loud.mjs against baselines/tiny/loud.json: passed');
    const root = parseXml(onlyRun(at('passed')).read('junit.xml'));
    expect(root.attributes).toMatchObject({ failures: '0', errors: '0' });
    expect(Number(root.attributes.tests)).toBeGreaterThan(10);
  });

  it('exits with 3 for a model that became slower, and tells GitHub', async () => {
    const job = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: at('summary.md') };
    const flags = ['--baseline', 'baselines/tiny/loud.json', '--json'];
    const command = ['eval', '-m', './late.mjs', '-d', 'tiny', '--no-sweep', '-q', '--out', 'failed', ...flags];
    const { code, stdout, stderr } = await place.inside(command, job);
    expect(code).toBe(3);
    const { runs, comparisons } = JSON.parse(stdout);
    expect(runs[0].status).toBe('success');
    expect(comparisonSchema.parse(comparisons[0]).comparisons[0]?.gate?.passed).toBe(false);
    expect(stderr).toMatch(/^::error title=turnbench%3A gate failed::\.\/late\.mjs: eot_latency_p50_ms: 20 → 120, /m);
    expect(readFileSync(at('summary.md'), 'utf8')).toContain('## Gate of ./late.mjs: ❌ failed');
    const run = onlyRun(at('failed'));
    expect(run.files).toEqual(expect.arrayContaining(['comparison.md', 'junit.xml']));
    const failed = parseXml(run.read('junit.xml')).children[0]!.children.filter(
      ({ children }) => children[0]?.name === 'failure',
    );
    expect(failed.map(({ attributes }) => attributes.name)).toContain('eot_latency_p50_ms');
  });

  it('exits with 4 when a conversation failed, which is a case of its own', async () => {
    const { code, stdout } = await evaluateTiny('fragile.mjs', 'fragile', '--baseline', 'baselines/tiny/loud.json');
    expect(code).toBe(4);
    expect(stdout).toContain('gate of ./fragile.mjs against baselines/tiny/loud.json: FAILED');
    const run = onlyRun(at('fragile'));
    const last = parseXml(run.read('junit.xml')).children[0]!.children.at(-1)!;
    expect([last.attributes.name, last.children[0]?.name]).toEqual(['conversation 7', 'error']);
    // A finished run with a failed conversation is worse, whatever the rest of it scored.
    const gate = await place.inside(['compare', 'baselines/tiny/loud.json', run.path, '--gate', '--junit', 'gate.xml']);
    expect(gate.code).toBe(3);
    expect(parseXml(readFileSync(at('gate.xml'), 'utf8')).attributes.errors).toBe('1');
  });

  it('finds what is wrong with the baseline before anything runs', async () => {
    writeFileSync(at('broken.json'), '{"schema_version": 1}');
    for (const [flags, message] of [
      [['--baseline', 'nowhere.json'], 'there is no baseline nowhere.json'],
      [['--baseline', 'tiny'], 'there is no baseline tiny/tiny/loud.json'],
      [['--baseline', 'broken.json'], 'broken.json is not a baseline of this version'],
      [['--baseline', 'baselines', '-n', '2'], 'has conversations that this run leaves out: 3, 4, 5, 6, 7'],
      [['--baseline', 'baselines/tiny/loud.json', '-d', 'other'], 'data revision'],
      [['--baseline', 'baselines/tiny/loud.json', '-m', './late.mjs'], 'is the baseline of one model'],
    ] as const) {
      const { code, stderr } = await evaluateTiny('loud.mjs', 'nothing', ...flags);
      expect([code, stderr], flags.join(' ')).toEqual([2, expect.stringContaining(message)]);
    }
    expect(existsSync(at('nothing'))).toBe(false);
  });
});

describe('tolerances on the command line', () => {
  it('go before those of the baseline', async () => {
    const gate = ['compare', 'baselines/tiny/loud.json', onlyRun(at('b')).path, '--gate'];
    expect((await place.inside(gate)).code).toBe(3);
    const latencies = ['eot_latency_p50_ms', 'eot_latency_p90_ms', 'int_latency_p50_ms', 'int_latency_p90_ms'];
    const others = ['ep50_ms', 'ep90_ms', 'floor_accuracy', 'floor_balanced_accuracy'];
    const tolerant = [
      ...[...latencies, ...others.slice(0, 2)].flatMap((name) => ['--tolerance', `${name}=600%`]),
      ...others.slice(2).flatMap((name) => ['--tolerance', `${name}=0.5`]),
    ];
    expect((await place.inside([...gate, ...tolerant])).code).toBe(0);
    const { code, stderr } = await place.inside([...gate, '--tolerance', 'recall=1']);
    expect([code, stderr]).toEqual([2, expect.stringContaining("there is no metric 'recall'")]);
  });
});

describe('baselines', () => {
  it('are rewritten deliberately: the change is shown, tolerances stay, a dry run writes nothing', async () => {
    const file = at('kept', 'tiny', 'loud.json');
    const update = (run: string, ...more: string[]) =>
      place.inside(['baselines', 'update', run, '--folder', 'kept', ...more]);
    const first = await update(onlyRun(at('a')).path, '--tolerance', 'eot_recall=5%');
    expect(first.stdout).toContain('kept/tiny/loud.json: new');
    const text = readFileSync(file, 'utf8');
    expect((await update(onlyRun(at('again')).path)).stdout).toBe('kept/tiny/loud.json: nothing changes\n');
    expect(readFileSync(file, 'utf8')).toBe(text);

    writeTree(place.folder, { 'slower/loud.mjs': lateModel(2) });
    await place.inside(['eval', '-m', './slower/loud.mjs', '-d', 'tiny', '--no-sweep', '-q', '--out', 'slower-run']);
    const slower = onlyRun(at('slower-run')).path;
    const dry = await update(slower, '--dry-run');
    expect(dry.stdout).toMatch(/^eot_latency_p50_ms +20 +60$/m);
    expect(dry.stdout).toContain('7 conversations changed: 1, 2, 3, 4, 5, 6, 7');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect((await update(slower)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).tolerances.eot_recall).toEqual({ relative: 0.05 });
    expect(JSON.parse(readFileSync(file, 'utf8')).scores.eot_latency_p50_ms).toBeCloseTo(60, 6);
  });

  it('are not made of runs that are not whole, nor of two runs at once', async () => {
    const fragile = onlyRun(at('fragile')).path;
    const { code, stderr } = await place.inside(['baselines', 'update', fragile]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("cannot become a baseline: its status is 'partial'")]);
    const twice = await place.inside(['baselines', 'update', onlyRun(at('a')).path, onlyRun(at('again')).path]);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('two of these runs would become')]);
  });
});

describe('the committed baselines', () => {
  it('are of the bundled data and models, by the present rules', async () => {
    const { info, ids } = await openDataset('mini');
    for (const model of BASELINES) {
      const baseline = baselineSchema.parse(JSON.parse(readFileSync(join(COMMITTED, 'mini', `${model}.json`), 'utf8')));
      expect(baseline.dataset.revision, model).toBe(info.revision);
      expect([baseline.scorer_version, baseline.gold_version]).toEqual([SCORER_VERSION, GOLD_VERSION]);
      expect(baseline.conversations.map(({ conversation_id: id }) => id)).toEqual(ids);
    }
  });

  it('catch a model that was made worse, and let the same model pass', async () => {
    const command = ['eval', '-m', 'energy-vad', '--no-sweep', '-q', '--out', 'mini', '--baseline', COMMITTED];
    expect((await place.inside(command)).code).toBe(0);
    const worse = await place.inside([...command, '-o', 'hang_over_s=0.3']);
    expect(worse.code).toBe(3);
    const documented = readFileSync(join(COMMITTED, '../docs/ci.md'), 'utf8').match(/^eot_latency_\w+ +failed .*$/gm);
    expect(worse.stdout.match(/^eot_latency_\w+ +failed .*$/gm)).toEqual(documented);
    expect(documented).toHaveLength(2);
  });
});
