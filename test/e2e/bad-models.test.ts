/** Models that break the contract, and places where nothing can be written. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
let made = 0;

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '3'));
});

async function evaluate(source: string, ...args: string[]) {
  const name = `./model-${++made}.mjs`;
  const out = join(place.folder, `out-${made}`);
  writeTree(place.folder, { [name]: source });
  const outcome = await place.inside(['eval', '-m', name, '-d', 'tiny', '-q', '--out', out, ...args]);
  expect(outcome.stderr).not.toContain('    at ');
  return { ...outcome, name, out };
}

describe('a model that cannot be used', () => {
  it.each([
    [
      'without loadModel',
      'export function load_model() {}',
      ": is 'load_model' meant?\nhint: export function loadModel",
    ],
    [
      'at a rate without whole steps',
      modelSource('return 0').replace('8000', '11025'),
      'inputSampleRate: sample rate 11025 Hz is not a multiple of 50 Hz',
    ],
    ['that throws in loadModel', "export function loadModel() { throw new Error('no GPU') }", 'failed: no GPU'],
    ['that is no JavaScript', 'export function loadModel( {', 'cannot be imported'],
    [
      'with a threshold outside (0, 1)',
      modelSource('return [0, 0]', 'thresholds: [0.5, 1]'),
      'thresholds contain 1, not a number between 0 and 1',
    ],
  ])('is refused by name before any audio is read: %s', async (_, source, message) => {
    const { code, stdout, stderr, name, out } = await evaluate(source);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(name);
    expect(existsSync(out)).toBe(false);
  });

  it('is refused at a threshold that is not among its own', async () => {
    const source = modelSource('return [0, 0, 0]', 'thresholds: [0.1, 0.5, 0.9]');
    const { code, stderr, out } = await evaluate(source, '--threshold', '0.4');
    expect(code).toBe(2);
    expect(stderr).toMatch(/does not answer at threshold 0\.4\nhint: it answers at 0\.1, 0\.5, 0\.9\n/);
    expect(existsSync(out)).toBe(false);
  });

  it('is refused a threshold when it turns out to answer bits of its own', async () => {
    const { code, stderr, out } = await evaluate(modelSource('return 0'), '--threshold', '0.4');
    expect(code).toBe(2);
    expect(stderr).toContain('this model answers floor bits at its own operating point');
    const { header } = onlyRun(out);
    expect(header).toMatchObject({ status: 'failed', totals: null });
    expect(header.warnings).toEqual([expect.stringContaining('the run stopped: this model answers floor bits')]);
  });
});

describe('a model that fails', () => {
  const form = '`step` answers 0, 1, one 0 or 1 per entry of `thresholds`, or { pFloor } in [0, 1]';
  it.each([
    ['throws in reset', modelSource('return 0', "reset() { throw new Error('lost') },"), 'the model failed: lost', ''],
    [
      'throws in step',
      modelSource('state.n = (state.n ?? 0) + 1; if (state.n > 60) throw new TypeError("oh"); return 0'),
      'step 60 (1.20 s), speaker 1 as subject: the model failed: oh',
      '',
    ],
    ['answers 2', modelSource('return 2'), 'step 0 (0.00 s), speaker 1 as subject: the model answered 2', form],
    ['answers NaN', modelSource('return NaN'), 'the model answered NaN', form],
    ['answers P = NaN', modelSource('return { pFloor: 0 / 0 }'), 'the model answered { pFloor: NaN }', form],
    ['answers nothing', modelSource(''), 'the model answered undefined', form],
    [
      'answers too few bits',
      modelSource('return [0, 1]', 'thresholds: [0.1, 0.5, 0.9]'),
      'the model answered 2 bits for 3 thresholds',
      form,
    ],
    [
      'changes its form between passes',
      `let passes = 0;\n${modelSource('return passes % 2 === 1 ? 0 : { pFloor: 0 }', 'reset() { passes++; },')}`,
      'speaker 2 as subject: the model answered P(floor) after answering one bit before',
      'in the same form in all passes',
    ],
    [
      'never answers',
      modelSource('return new Promise(() => {})'),
      'step 0 (0.00 s), speaker 1 as subject: the model failed: no answer within 0.2 s',
      'raise the step deadline',
    ],
  ])('fails every conversation with its moment, and leaves a readable run: %s', async (_, source, error, hint) => {
    const { code, stdout, stderr, out } = await evaluate(source, '-n', '2', '--step-deadline', '0.2');
    expect([code, stderr]).toEqual([4, '']);
    const { header, rows } = onlyRun(out);
    expect(header).toMatchObject({ status: 'failed', totals: null, sweep: null });
    expect(header.failures.map(({ conversation_id: id }) => id)).toEqual(['1', '2']);
    for (const failure of header.failures) {
      expect(failure.error).toContain(error);
      expect(failure.hint ?? '').toContain(hint);
    }
    expect(rows.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(stdout).toMatch(/^failed: .*: conversation 2: /m);
    expect(stdout).toContain(error);
  });

  it('loses only the conversations in which it failed', async () => {
    // Two passes per conversation: the third is the first of conversation 2.
    const flaw = 'reset() { globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n === 3) throw new Error("lost") },';
    const { code, stdout, stderr, out, name } = await evaluate(modelSource(LOUDNESS, flaw));
    expect([code, stderr]).toEqual([4, '']);
    const { header, rows, read } = onlyRun(out);
    expect(header).toMatchObject({ status: 'partial', totals: { conversations: 2, eot: { tp: 6, fp: 2 } } });
    expect(rows.map((row) => [row.conversation_id, row.status])).toEqual([
      ['1', 'ok'],
      ['2', 'failed'],
      ['3', 'ok'],
    ]);
    const predictions: { conversation_id: string }[] = JSON.parse(read('predictions.json')).predictions;
    expect(predictions.map(({ conversation_id: id }) => id)).toEqual(['1', '3']);

    const error = header.failures[0]?.error ?? '';
    expect(error).toMatch(
      /^reset before the pass with speaker 1 as subject: the model failed: lost \(model-\d+\.mjs:\d+:\d+\)$/,
    );
    expect(header.failures).toEqual([{ conversation_id: '2', error, hint: null }]);
    expect(stdout).toContain(`failed: ${name}: conversation 2: ${error}\n`);
    expect(stdout).toContain('· 2 of 3 conversations · 12 s\n');
    expect(read('report.md')).toContain(`## Failed conversations\n\n| conversation | error | hint |`);
    expect(read('report.md')).toContain(`| 2 | ${error} |`);
    expect((await place.inside(['score', onlyRun(out).path, '-d', 'tiny', '--json'])).code).toBe(0);
  });
});

describe('results that cannot be written', () => {
  it('are refused before the model hears anything', async () => {
    const mark = join(place.folder, 'heard');
    const source = `import { writeFileSync } from 'node:fs';\n${modelSource(`writeFileSync(${JSON.stringify(mark)}, ''); return 0`)}`;
    writeTree(place.folder, { 'a-file': 'mine' });
    for (const out of ['a-file', 'a-file/below']) {
      const { code, stdout, stderr } = await evaluate(source, '--out', out);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(new RegExp(`^error: no run can be saved in '${out}': cannot create folder ${out}: .*\n`));
      expect(stderr).toContain('hint: choose another folder with --out\n');
    }
    expect(existsSync(mark)).toBe(false);
    expect(readFileSync(join(place.folder, 'a-file'), 'utf8')).toBe('mine');
    expect((await evaluate(source, '-n', '1')).code).toBe(0);
    expect(existsSync(mark)).toBe(true);
  });
});
