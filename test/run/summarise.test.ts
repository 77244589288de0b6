import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Counts } from '../../src/core/counts.js';
import { countsToDisk, eventCountsToDisk } from '../../src/result/counts.js';
import type { ConversationRow, RunSpec } from '../../src/result/schema.js';
import { totalsOf } from '../../src/result/totals.js';
import { summarise } from '../../src/run/summarise.js';
import { zeroCounts } from '../../src/score/counts.js';
import { runHeader } from '../helpers/run-header.js';

const SPEC: RunSpec = { ...runHeader().spec, sweep_thresholds: [0.2, 0.5, 0.8] };

/** Of ten ends of turn and ten pauses. */
function counts(found: number, falseOnes: number, ep50Ms = 100): Counts {
  const zero = zeroCounts();
  return {
    ...zero,
    eot: { tp: found, fn: 10 - found, fp: falseOnes, tn: 10 - falseOnes, latenciesMs: [] },
    endpoint: { cutOffs: falseOnes, missed: 0, latenciesMs: [ep50Ms] },
  };
}

const POINTS = [counts(9, 5, 60), counts(8, 1, 120), counts(7, 0, 200)];

function row(id: string, change: Partial<Extract<ConversationRow, { status: 'ok' }>> = {}): ConversationRow {
  return {
    conversation_id: id,
    status: 'ok',
    tags: {},
    duration_s: 60,
    counts: countsToDisk(POINTS[1]!),
    sweep: POINTS.map(countsToDisk),
    floor_histogram: null,
    events: { speaker_1: { eot: [], interruption: [] }, speaker_2: { eot: [], interruption: [] } },
    floor: null,
    answered: 'p_floor',
    unknown_labels: {},
    timing: { compute_s: 0.3, wall_s: 0.5 },
    deployed: null,
    ...change,
  };
}

/** Sixty steps of about a millisecond. */
const STEP_BINS: [number, number][] = [[691, 60]];

const failed: ConversationRow = { conversation_id: '3', status: 'failed', error: 'broke', hint: 'mend it' };

describe('the numbers of a run', () => {
  it('come from its rows and nothing else', () => {
    const numbers = summarise([row('1'), failed, row('2')], SPEC, 7);
    expect(numbers.totals).toEqual(totalsOf([POINTS[1]!, POINTS[1]!], 120, null, SPEC.seed));
    expect(numbers.sweep?.map(({ threshold, eot_tp, eot_fp }) => [threshold, eot_tp, eot_fp])).toEqual([
      [0.2, 18, 10],
      [0.5, 16, 2],
      [0.8, 14, 0],
    ]);
    expect(numbers.timing).toEqual({ compute_s: 0.6, wall_s: 7, rtf: 0.005, deployed: null });
    expect(numbers.failures).toEqual([{ conversation_id: '3', error: 'broke', hint: 'mend it' }]);
  });

  it('include the best threshold within the budget, and the cut-off rate at a given latency', () => {
    const points = summarise([row('1')], SPEC, 1).operating_points;
    expect(points).toMatchObject({ fp_budget: 0.1, eot: { threshold: 0.5, eot_recall: 0.8 }, int: null });
    // EP50 is 120 ms at a rate of 1/2 and 200 ms at 0/1: half way at 160 ms.
    expect(points?.cutoff_rate_at_ep50_160_ms).toBeCloseTo(0.25, 12);
  });

  it('have intervals of the chosen points, those that the totals at that threshold have', () => {
    const rows = ['1', '2', '3'].map((id, i) =>
      row(id, {
        sweep: [counts(9, 5, 60 + i), counts(8, i === 0 ? 2 : 0, 120 + i), counts(7, 0, 200 + i)].map(countsToDisk),
      }),
    );
    const { intervals } = summarise(rows, SPEC, 1).operating_points!;
    const chosen = rows.map((_, i) => counts(8, i === 0 ? 2 : 0, 120 + i));
    const { recall, fp_rate, latency_ms } = totalsOf(chosen, 180, null, SPEC.seed).eot.intervals;
    expect(intervals.eot).toEqual({ recall, fp_rate, latency_ms });
    expect(intervals.eot?.fp_rate?.[0]).toBeLessThan(intervals.eot!.fp_rate![1]);
    expect(intervals.int).toBeNull();
    // Half way between 0 … 2 of 10 at about 120 ms and none at about 200 ms.
    expect(intervals.cutoff_rate_at_ep50_160_ms?.[0]).toBe(0);
    expect(intervals.cutoff_rate_at_ep50_160_ms?.[1]).toBeGreaterThan(0);
    expect(summarise(rows.slice(0, 1), SPEC, 1).operating_points?.intervals).toMatchObject({
      eot: { recall: null, fp_rate: null },
      cutoff_rate_at_ep50_160_ms: null,
    });
  });

  it('are the same whatever the order in which the rows arrive', () => {
    const ids = ['1', '2', '3', '4', '5'];
    const spec = { ...SPEC, dataset: { ...SPEC.dataset, ids } };
    const rows = ids.map((id, i) =>
      row(id, {
        duration_s: 60.1 * (i + 1),
        counts: countsToDisk(counts(5 + i, i, 100 * i)),
        floor_histogram: [
          [10 * i, 3, 1],
          [2000 + i, 1, 4],
        ],
      }),
    );
    const inOrder = summarise([...rows, { ...failed, conversation_id: '6' }], spec, 1);
    expect(inOrder.totals?.floor.intervals.auc).not.toBeNull();
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: 5 }), (shuffled) => {
        expect(summarise([{ ...failed, conversation_id: '6' }, ...shuffled], spec, 1)).toEqual(inOrder);
      }),
      { numRuns: 20 },
    );
  });

  it('pool probabilities only when every conversation has them', () => {
    // Two steps with gold 0 in a low bin, one with gold 1 in a high one.
    const histogram: [number, number, number][] = [
      [10, 2, 0],
      [3000, 0, 1],
    ];
    const both = [row('1', { floor_histogram: histogram }), row('2', { floor_histogram: histogram })];
    expect(summarise(both, SPEC, 1).totals?.floor).toMatchObject({ auc: 1, average_precision: 1 });
    expect(summarise([both[0]!, row('2')], SPEC, 1).totals?.floor.auc).toBeNull();
  });

  it('add what was timed, and score it only when every conversation was', () => {
    const deployed = { counts: eventCountsToDisk(POINTS[0]!), compute_ms: 60, late_steps: 1, step_bins: STEP_BINS };
    const both = summarise([row('1', { deployed }), row('2', { deployed })], SPEC, 1);
    const { eot, endpoint } = totalsOf([POINTS[0]!, POINTS[0]!], 0, null, SPEC.seed);
    expect(both.totals?.deployed).toMatchObject({ eot, endpoint });
    // 120 ms of compute for 120 steps, which are 2.4 s of audio.
    expect(both.timing?.deployed).toMatchObject({ steps: 120, late_steps: 2, late_rate: 2 / 120, rtf: 0.05 });
    expect(both.timing?.deployed?.step_ms.mean).toBe(1);
    const { totals, timing } = summarise([row('1', { deployed }), row('2')], SPEC, 1);
    expect(totals?.deployed).toBeNull();
    expect(timing?.deployed).toMatchObject({ steps: 60 });
  });

  it('are absent where nothing was scored', () => {
    const unscored = row('1', { counts: null, sweep: null });
    const nothing = { totals: null, sweep: null, operating_points: null };
    expect(summarise([unscored], SPEC, 2)).toMatchObject({ ...nothing, timing: { compute_s: 0.3, rtf: 0.005 } });
    expect(summarise([failed], SPEC, 2)).toMatchObject({ ...nothing, timing: null });
    expect(summarise([], SPEC, 2)).toEqual({ ...nothing, timing: null, failures: [] });
    expect(summarise([row('1')], { ...SPEC, sweep_thresholds: null }, 2).sweep).toBeNull();
    expect(summarise([row('1'), row('2', { sweep: null })], SPEC, 2).sweep).toBeNull();
  });
});
