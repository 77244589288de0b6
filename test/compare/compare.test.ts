import { describe, expect, it } from 'vitest';
import { type CompareOptions, compareRuns } from '../../src/compare/compare.js';
import { type ComparedMetric, comparisonSchema } from '../../src/compare/schema.js';
import type { ScoredRun } from '../../src/compare/scored-run.js';
import { endsFound, scoredRunOf } from '../helpers/scored-run.js';

const OPTIONS: CompareOptions = { seed: 1, gate: null };
const EIGHT = [9, 8, 9, 7, 9, 8, 9, 8];

function metricOf(metrics: readonly ComparedMetric[] | undefined, name: string): ComparedMetric {
  return metrics!.find(({ metric }) => metric === name)!;
}

function compare(...runs: readonly ScoredRun[]) {
  return comparisonSchema.parse(compareRuns(runs, OPTIONS));
}

describe('a comparison', () => {
  it('finds a difference that every conversation shows, whatever they have in common', () => {
    const reference = scoredRunOf(EIGHT.map((tp) => endsFound(tp, 100, 3)));
    const worse = scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1, 150, 2)));
    const [pair] = compare(reference, worse).comparisons;

    const recall = metricOf(pair?.metrics, 'eot_recall');
    expect(recall).toMatchObject({ reference: 67 / 80, value: 59 / 80, verdict: 'worse', better: 'higher' });
    expect(recall.difference).toBeCloseTo(-0.1, 12);
    // One end less in each conversation, whichever are drawn.
    expect(recall.interval?.map((end) => end.toFixed(9))).toEqual(['-0.100000000', '-0.100000000']);
    expect(metricOf(pair?.metrics, 'eot_latency_p50_ms')).toMatchObject({ difference: 50, verdict: 'worse' });
    expect(metricOf(pair?.metrics, 'eot_fp_rate')).toMatchObject({ verdict: 'better' });
  });

  it('finds no evidence between a run and itself, nor in a difference of one conversation', () => {
    const run = scoredRunOf(EIGHT.map((tp) => endsFound(tp)));
    const again = compare(run, run).comparisons[0]!.metrics;
    expect(new Set(again.map(({ verdict }) => verdict))).toEqual(new Set(['no evidence']));
    expect(metricOf(again, 'eot_recall')).toMatchObject({ difference: 0, interval: [0, 0] });

    const unlucky = scoredRunOf(EIGHT.map((tp, i) => endsFound(i === 0 ? 1 : tp)));
    expect(metricOf(compare(run, unlucky).comparisons[0]!.metrics, 'eot_recall')).toMatchObject({
      difference: expect.closeTo(-0.1, 12),
      verdict: 'no evidence',
    });
  });

  it('turns its verdicts around when the runs change places', () => {
    const [a, b] = [scoredRunOf(EIGHT.map((tp) => endsFound(tp))), scoredRunOf(EIGHT.map((tp) => endsFound(tp - 2)))];
    const verdict = (...runs: ScoredRun[]) => metricOf(compare(...runs).comparisons[0]!.metrics, 'eot_recall').verdict;
    expect([verdict(a, b), verdict(b, a)]).toEqual(['worse', 'better']);
  });

  it('says nothing of what one of them cannot measure', () => {
    const silent = scoredRunOf(EIGHT.map(() => endsFound(0)));
    const metrics = compare(scoredRunOf(EIGHT.map((tp) => endsFound(tp))), silent).comparisons[0]!.metrics;
    expect(metricOf(metrics, 'eot_latency_p50_ms')).toMatchObject({
      ...{ reference: 100, value: null, difference: null, interval: null, verdict: 'no evidence' },
    });
    expect(metricOf(metrics, 'int_recall')).toMatchObject({ reference: null, value: null, difference: null });
  });

  it('takes only the conversations that all runs have, and says which are missing', () => {
    const whole = scoredRunOf(EIGHT.map((tp) => endsFound(tp)));
    const { conversations } = scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1)));
    const part = { ...whole, source: 'part', conversations: new Map([...conversations].slice(1)) };
    const comparison = compare(whole, part, whole);
    expect(comparison.conversations).toEqual(['2', '3', '4', '5', '6', '7', '8']);
    expect(comparison.runs.map(({ label, missing }) => [label, missing])).toEqual([
      ['energy-vad #1', []],
      ['energy-vad #2', ['1']],
      ['energy-vad #3', []],
    ]);
    expect(comparison.warnings).toEqual([
      'energy-vad #2 has not scored conversation 1: only the 7 that all runs have are compared',
    ]);
    // Of the seven, not of the eight.
    expect(metricOf(comparison.comparisons[0]!.metrics, 'eot_recall').reference).toBe(58 / 70);
  });

  it('is made for every value of a tag that divides the conversations', () => {
    const [a, b] = [scoredRunOf(EIGHT.map((tp) => endsFound(tp))), scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1)))];
    const { tags } = compare(a, b).comparisons[0]!;
    expect(tags.map(({ tag, value, conversations }) => [tag, value, conversations])).toEqual([
      ['conversation_type', 'even', 4],
      ['conversation_type', 'odd', 4],
    ]);
    expect(metricOf(tags[1]!.metrics, 'eot_recall')).toMatchObject({ reference: 36 / 40, value: 32 / 40 });
  });

  it('warns of few conversations, of runs that are not whole, and of other thresholds of the same model', () => {
    const a = scoredRunOf([endsFound(5), endsFound(6)]);
    const b = scoredRunOf([endsFound(1), endsFound(1)], { status: 'interrupted', operatingThreshold: 0.7 });
    const { warnings, comparisons } = compare(a, b);
    expect(warnings).toEqual([
      "energy-vad #2: the run is not whole: its status is 'interrupted'",
      '2 common conversations: a verdict needs at least 6',
      'energy-vad #2 is at another operating point (0.7) than energy-vad #1 (0.5)',
    ]);
    expect(metricOf(comparisons[0]!.metrics, 'eot_recall').verdict).toBe('no evidence');
  });

  it('refuses runs that were scored on other data or by other rules, and names all that differs', () => {
    const reference = scoredRunOf([endsFound(5)], { source: 'A' });
    const rules = { scorerVersion: 2, goldVersion: 3, commitRule: 'as-given' } as const;
    const dataset = { ...reference.dataset, revision: 'ffffffffffff' };
    const other = scoredRunOf([endsFound(5)], { source: 'C', rules, dataset });
    expect(() => compare(reference, { ...reference, source: 'B' }, other)).toThrow(
      [
        'these runs cannot be compared: 4 problems',
        '  - data revision: 0123456789ab (tiny) in the reference A, ffffffffffff (tiny) in C',
        '  - scorer version: 1 in the reference A, 2 in C',
        '  - gold version: 1 in the reference A, 3 in C',
        '  - commit rule: floor-edges in the reference A, as-given in C',
      ].join('\n'),
    );
  });

  it('compares other models, options and names of the same data', () => {
    const reference = scoredRunOf([endsFound(5)]);
    const other = { ...reference, model: { ...reference.model, name: 'mine', options: { x: 1 } } };
    const { runs } = compare(reference, { ...other, dataset: { ...reference.dataset, name: 'renamed' } });
    expect(runs.map(({ label }) => label)).toEqual(['energy-vad', 'mine']);
  });

  it('refuses runs without a common conversation', () => {
    const { conversations } = scoredRunOf([endsFound(5), endsFound(5)]);
    const [first, second] = [...conversations];
    const runOf = (entry: typeof first, source: string) => ({
      ...scoredRunOf([]),
      source,
      conversations: new Map([entry!]),
    });
    expect(() => compare(runOf(first, 'A'), runOf(second, 'B'))).toThrow(
      'no conversation was scored in all of these runs\n  - A: 1\n  - B: 2',
    );
    expect(() => compare(scoredRunOf([]), scoredRunOf([endsFound(5)]))).toThrow('no conversation was scored');
  });
});
