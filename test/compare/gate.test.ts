import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/compare/compare.js';
import type { Gate } from '../../src/compare/schema.js';
import type { ScoredRun } from '../../src/compare/scored-run.js';
import type { Tolerances } from '../../src/compare/tolerance.js';
import { endsFound, scoredRunOf } from '../helpers/scored-run.js';

const EIGHT = [9, 8, 9, 7, 9, 8, 9, 8];
const REFERENCE = scoredRunOf(EIGHT.map((tp) => endsFound(tp)));

function gate(run: ScoredRun, tolerances: Tolerances, reference = REFERENCE): Gate {
  return compareRuns([reference, run], { seed: 1, gate: tolerances }).comparisons[0]!.gate!;
}

function outcomes({ checks }: Gate): string[] {
  return checks.map(({ metric, outcome }) => `${metric} ${outcome}`);
}

describe('a gate', () => {
  it('passes the run that it was made of, with no tolerance at all', () => {
    const strict = { eot_recall: { absolute: 0 }, eot_fp_rate: { absolute: 0 }, eot_latency_p50_ms: { relative: 0 } };
    const again = gate(REFERENCE, strict);
    expect(again.passed).toBe(true);
    expect(outcomes(again)).toEqual(['eot_recall passed', 'eot_fp_rate passed', 'eot_latency_p50_ms passed']);
  });

  it('fails a loss beyond the tolerance that the interval confirms, and no loss within it', () => {
    // One end less of ten in every conversation: a loss of exactly 0.1, and so is every resample.
    const worse = scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1)));
    expect(gate(worse, { eot_recall: { absolute: 0.09 } })).toMatchObject({
      passed: false,
      checks: [{ outcome: 'failed', allowed_loss: 0.09, loss: expect.closeTo(0.1, 9) }],
    });
    expect(gate(worse, { eot_recall: { absolute: 0.1 } }).passed).toBe(true);
    expect(gate(worse, { eot_recall: { relative: 0.1 } }).passed).toBe(false);
    expect(gate(worse, { eot_recall: { relative: 0.12 } }).passed).toBe(true);
  });

  it('passes a loss that the interval does not confirm, and says so', () => {
    const unlucky = scoredRunOf(EIGHT.map((tp, i) => endsFound(i === 0 ? 1 : tp)));
    const { passed, checks } = gate(unlucky, { eot_recall: { absolute: 0.02 } });
    expect(passed).toBe(true);
    expect(checks[0]).toMatchObject({
      outcome: 'unclear',
      loss: expect.closeTo(0.1, 9),
      loss_interval: [0, expect.anything()],
    });
  });

  it('knows which direction is worse', () => {
    const late = scoredRunOf(EIGHT.map((tp) => endsFound(tp, 200, 1)));
    const tolerances = { eot_fp_rate: { absolute: 0.02 }, eot_latency_p50_ms: { absolute: 20 } };
    expect(outcomes(gate(late, tolerances))).toEqual(['eot_fp_rate failed', 'eot_latency_p50_ms failed']);
    expect(outcomes(gate(REFERENCE, tolerances, late))).toEqual(['eot_fp_rate passed', 'eot_latency_p50_ms passed']);
  });

  it('checks only the metrics that have a tolerance', () => {
    const worse = scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1)));
    expect(gate(worse, { eot_fp_rate: { absolute: 0 } })).toMatchObject({
      passed: true,
      checks: [{ metric: 'eot_fp_rate' }],
    });
  });

  it('fails when there is nothing left to measure, and skips what the reference could not measure', () => {
    const silent = scoredRunOf(EIGHT.map(() => endsFound(0)));
    const tolerances = { eot_latency_p50_ms: { absolute: 20 }, int_recall: { absolute: 0.02 } };
    const lost = gate(silent, tolerances);
    expect(outcomes(lost)).toEqual(['eot_latency_p50_ms lost', 'int_recall skipped']);
    expect(lost.passed).toBe(false);
    expect(gate(REFERENCE, tolerances, silent).passed).toBe(true);
  });

  it('cannot tell from few conversations', () => {
    const [reference, worse] = [9, 5].map((tp) => scoredRunOf(Array.from({ length: 5 }, () => endsFound(tp))));
    const { passed, checks } = gate(worse!, { eot_recall: { absolute: 0.02 } }, reference);
    expect(passed).toBe(true);
    expect(checks[0]).toMatchObject({
      outcome: 'unclear',
      message: expect.stringContaining('5 conversations are too few'),
    });
  });

  it('fails for conversations that failed or are missing, however good the rest is', () => {
    const conversations = new Map([...REFERENCE.conversations].slice(2));
    const failures = [{ conversation_id: '1', error: 'the model threw', hint: null }];
    const { passed, conversations: broken } = gate({ ...REFERENCE, conversations, failures, status: 'partial' }, {});
    expect(passed).toBe(false);
    expect(broken).toEqual([
      { conversation_id: '1', kind: 'failed', message: 'the model threw' },
      { conversation_id: '2', kind: 'missing', message: 'the reference has scored it, this run has not' },
    ]);
  });

  it('fails instead of having nothing to say when no conversation is left', () => {
    const nothing = gate({ ...REFERENCE, conversations: new Map() }, { eot_recall: { absolute: 0.02 } });
    expect(nothing.passed).toBe(false);
    expect(nothing.conversations).toHaveLength(8);
  });
});
