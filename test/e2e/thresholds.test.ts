/** A sweep costs one pass; its rows must be what one run per threshold would have given. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunHeader, SweepRow } from '../../src/result/schema.js';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';

/** Loudness as P(floor), answered in the form that is asked for. */
const LOUDNESS = `
const thresholds = Array.from({ length: 19 }, (_, k) => (5 + 5 * k) / 100);
export function loadModel({ answer = 'p', threshold = 0.5 }) {
  const forms = {
    p: (p) => ({ pFloor: p }),
    bits: (p) => thresholds.map((theta) => (p > theta ? 1 : 0)),
    bit: (p) => (p > threshold ? 1 : 0),
  };
  return {
    inputSampleRate: 16000,
    ...(answer === 'bits' ? { thresholds } : {}),
    reset() {},
    step(subject) {
      let sum = 0;
      for (const x of subject) sum += x * x;
      const rms = Math.sqrt(sum / subject.length);
      return forms[answer](rms / (rms + 0.01));
    },
  };
}
`;

const place = workplace();
let runs = 0;

async function evaluate(...args: string[]): Promise<RunFiles> {
  const out = join(place.folder, `out-${++runs}`);
  const { code, stderr } = await place.inside(['eval', '-q', '--ids', '2,5', '--out', out, ...args]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return onlyRun(out);
}

/** The totals of a run in the form of a row of a sweep. */
function rowOf({ totals, operating_threshold }: RunHeader): SweepRow {
  const { eot, int, floor, endpoint } = totals!;
  return {
    threshold: operating_threshold!,
    ...taskColumns('eot', eot),
    ...taskColumns('int', int),
    floor_accuracy: floor.accuracy,
    floor_balanced_accuracy: floor.balanced_accuracy,
    floor_f1: floor.f1,
    cutoff_rate: endpoint.cutoff_rate,
    ep50_ms: endpoint.ep50_ms,
    ep90_ms: endpoint.ep90_ms,
  } as SweepRow;
}

function taskColumns(task: 'eot' | 'int', { latency_ms, tp, fn, fp, tn, recall, fp_rate }: Score) {
  const { p10, p50, p90 } = latency_ms;
  const columns = { recall, fp_rate, latency_p10_ms: p10, latency_p50_ms: p50, latency_p90_ms: p90, tp, fn, fp, tn };
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [`${task}_${name}`, value]));
}

type Score = NonNullable<RunHeader['totals']>['eot'];

function countsOf(run: RunFiles): unknown[] {
  return run.rows.map((row) => row.status === 'ok' && row.counts);
}

function sweepCountsOf(run: RunFiles, k: number): unknown[] {
  return run.rows.map((row) => row.status === 'ok' && row.sweep![k]);
}

beforeAll(() => {
  writeTree(place.folder, { 'loud.mjs': LOUDNESS });
});

describe('a sweep', () => {
  it('equals a run of its own at every threshold', async () => {
    const swept = await evaluate('-m', 'energy-vad');
    for (const [threshold, k] of [[0.1, 1] as const, [0.5, 9] as const, [0.9, 17] as const]) {
      const single = await evaluate('-m', 'energy-vad', '--threshold', String(threshold), '--no-sweep');
      expect(rowOf(single.header)).toEqual(swept.header.sweep![k]);
      expect(countsOf(single)).toEqual(sweepCountsOf(swept, k));
      expect(single.header).toMatchObject({ sweep: null, operating_points: null, operating_threshold: threshold });
      expect(single.files).not.toContain('sweep.csv');
    }
  });

  it('has the operating point among its rows, or beside them', async () => {
    const { header } = await evaluate('-m', 'energy-vad', '--sweep', '0.2:0.8:0.3', '--threshold', '0.37');
    expect(header.sweep!.map(({ threshold }) => threshold)).toEqual([0.2, 0.5, 0.8]);
    expect(header.operating_threshold).toBe(0.37);
    expect(header.spec).toMatchObject({ threshold: 0.37, sweep_thresholds: [0.2, 0.5, 0.8] });
  });

  it('is the same whether the model answers P(floor), a bit per threshold, or one bit', async () => {
    const probability = await evaluate('-m', './loud.mjs');
    const bits = await evaluate('-m', './loud.mjs', '-o', 'answer=bits');
    expect(bits.read('sweep.csv')).toBe(probability.read('sweep.csv'));
    expect(bits.read('predictions.json')).toBe(probability.read('predictions.json'));
    expect(bits.header.totals!.floor.auc).toBeNull();
    expect(probability.header.totals!.floor.auc).toBeGreaterThan(0.8);

    const bit = await evaluate('-m', './loud.mjs', '-o', 'answer=bit', '-o', 'threshold=0.85');
    expect(countsOf(bit)).toEqual(sweepCountsOf(probability, 16));
    expect(bit.header).toMatchObject({
      operating_threshold: null,
      sweep: null,
      warnings: ['the model answers floor bits of its own: there is nothing to sweep'],
    });

    const other = await evaluate('-m', './loud.mjs', '-o', 'answer=bits', '--threshold', '0.85');
    expect(countsOf(other)).toEqual(sweepCountsOf(probability, 16));
  });
});

describe('an operating point with a threshold for each task', () => {
  it('commits and scores each task at its own, and says so', async () => {
    const two = await evaluate('-m', './loud.mjs', '--operating-point', 'int=0.85,eot=0.35', '--tracks');
    const eot = await evaluate('-m', './loud.mjs', '--threshold', '0.35', '--no-sweep');
    const int = await evaluate('-m', './loud.mjs', '--threshold', '0.85', '--no-sweep');
    const { totals, spec, spec_sha256, operating_threshold, sweep } = two.header;
    expect([totals!.eot, totals!.int]).toEqual([eot.header.totals!.eot, int.header.totals!.int]);
    expect([totals!.floor, totals!.endpoint].map((part) => ({ ...part, auc: 0, average_precision: 0 }))).toEqual(
      [eot.header.totals!.floor, eot.header.totals!.endpoint].map((part) => ({
        ...part,
        auc: 0,
        average_precision: 0,
      })),
    );
    expect(totals!.int).not.toEqual(eot.header.totals!.int);
    expect([spec.threshold, spec.int_threshold, operating_threshold, sweep]).toEqual([0.35, 0.85, 0.35, null]);
    expect(spec_sha256).not.toBe(eot.header.spec_sha256);
    expect(two.read('report.md')).toContain('floor = 1 iff P > 0.35; interruptions: P > 0.85');

    const scored = await place.inside(['score', two.path, '--json']);
    expect(JSON.parse(scored.stdout)).toMatchObject({
      eot: { tp: totals!.eot.tp, fp: totals!.eot.fp },
      int: { tp: totals!.int.tp, fp: totals!.int.fp },
    });
    expect(two.files).toContain('probs-int.json');
  });

  it('is one threshold where both are equal', async () => {
    const both = await evaluate('-m', 'energy-vad', '--operating-point', 'eot=0.4,int=0.4');
    const one = await evaluate('-m', 'energy-vad', '--threshold', '0.4');
    expect(both.header.spec_sha256).toBe(one.header.spec_sha256);
  });

  it.each([
    [['--operating-point', 'eot=0.4'], 'must name both tasks once, such as eot=0.92,int=0.87.'],
    [['--operating-point', 'eot=0.4,eot=0.5'], 'must name both tasks once'],
    [['--operating-point', 'eot=0.4,int=1.5'], 'must lie strictly between 0 and 1.'],
    [['--operating-point', 'eot=0.4,int=0.5', '--threshold', '0.3'], 'cannot be used with'],
    [['-m', 'oracle', '--operating-point', 'eot=0.4,int=0.5'], "'oracle' has no threshold to set or sweep"],
    [
      ['-m', './loud.mjs', '-o', 'answer=bit', '--operating-point', 'eot=0.4,int=0.5'],
      'has no threshold to set or sweep',
    ],
  ])('is refused as %j', async (args, message) => {
    const { code, stderr } = await place.inside(['eval', '-q', '--ids', '2', '--out', 'refused', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
