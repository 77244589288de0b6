import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyConfig } from '../../src/policy/config.js';
import { evaluatePolicies } from '../../src/policy/evaluate.js';
import { paretoFront } from '../../src/policy/points.js';
import type { PredictionRow } from '../../src/policy/predictions.js';
import { actsAtS, type PolicyRow } from '../../src/policy/sweep.js';
import { timeGrid } from '../../src/policy/time-grid.js';

/** Scores of one silence on the public grid. */
function silence(
  id: string,
  spanIndex: number,
  label: 'hold' | 'eot',
  scores: readonly (number | null)[],
): PredictionRow[] {
  const { timesS, silencesS } = timeGrid(2, 2 + (scores.length - 1) / 10);
  return scores.map((pEot, i) => {
    return { id, language: 'en', spanIndex, label, timestampS: timesS[i]!, silenceS: silencesS[i]!, pEot };
  });
}

describe('one policy', () => {
  // pause  |0.0 .1 .2 .3 .4|  0.4 s: the score passes 0.5 after 0.3 s and falls again
  // end    |0.0 .1 .2 .3 .4 .5|     the score passes 0.5 after 0.2 s
  const pause = silence('a', 0, 'hold', [0, 0, 0, 0.9, 0.1]);
  const end = silence('a', 1, 'eot', [0, 0, 0.6, 0.6, 0.6, 0.6]);
  const only = (actionDelayS: number, timeoutS: number, threshold = 0.5) => {
    const options = { thresholds: [threshold], actionDelaysS: [actionDelayS], timeoutsS: [timeoutS] };
    return evaluatePolicies([...pause, ...end], options).rows[0]!;
  };

  it('cuts the user off when the score passes the threshold before the pause ends, even if it falls again', () => {
    expect(only(0.2, 1)).toMatchObject({ cutOffs: 1, detected: 1, meanLatencyS: 0.2 });
  });

  it('does not when its delay keeps it quiet until the very moment at which the user goes on', () => {
    expect(only(0.4, 1)).toMatchObject({ cutOffs: 0, detected: 1, meanLatencyS: 0.4 });
  });

  it('acts at its timeout, whatever the score', () => {
    expect(only(0.2, 0.3, 0.95)).toMatchObject({ cutOffs: 1, detected: 0, meanLatencyS: 0.3, f1: 0 });
    expect(only(0.2, 1, 0.95)).toMatchObject({ cutOffs: 0, detected: 0, meanLatencyS: 1 });
  });

  it('never fires at threshold 1, and at 0 only on scores above 0', () => {
    expect(only(0.2, 1, 1)).toMatchObject({ detected: 0 });
    expect(only(0.2, 1, 0)).toMatchObject({ detected: 1, meanLatencyS: 0.2, cutOffs: 1 });
  });
});

describe('the sweep', () => {
  const score = fc.option(
    fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
    { nil: null },
  );
  const scores = (label: 'hold' | 'eot') =>
    fc.array(score, { minLength: 3, maxLength: 20 }).map((list) => (label === 'eot' ? [0, ...list] : list));
  const worlds = fc.tuple(
    fc.array(scores('hold'), { minLength: 1, maxLength: 12 }),
    fc.array(scores('eot'), { minLength: 1, maxLength: 12 }),
  );
  const rowsOf = ([holds, ends]: readonly [readonly (number | null)[][], readonly (number | null)[][]]) => [
    ...holds.flatMap((list, i) => silence(`hold ${i}`, 0, 'hold', list)),
    ...ends.flatMap((list, i) => silence(`eot ${i}`, 0, 'eot', list)),
  ];
  const options = { thresholds: [0, 0.25, 0.5, 0.85, 1], actionDelaysS: [0.2, 0.5, 1], timeoutsS: [0.5, 1, 1.5] };

  it('counts what playing every policy in every silence counts', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { rows, spans, holds, ends } = evaluatePolicies(rowsOf(world), options);
        for (const row of rows) {
          const acted = spans.map((span) => ({ span, actedS: actsAtS(span, row) }));
          if (row.policy === 'vad') continue;
          const cutOffs = acted.filter(({ span, actedS }) => span.label === 'hold' && span.durationS > actedS + 1e-9);
          const latencies = acted.flatMap(({ span, actedS }) => (span.label === 'eot' ? [actedS] : []));
          const meanLatencyS = latencies.reduce((sum, s) => sum + s, 0) / ends;
          expect([row.cutOffs, row.cutoffRate, Math.abs(row.meanLatencyS - meanLatencyS) < 1e-12]).toEqual([
            cutOffs.length,
            cutOffs.length / holds,
            true,
          ]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is the same whatever the order of the rows', () => {
    fc.assert(
      fc.property(worlds, fc.infiniteStream(fc.nat()), (world, keys) => {
        const rows = rowsOf(world);
        const shuffled = rows.map((row) => ({ row, key: keys.next().value as number }));
        shuffled.sort((a, b) => a.key - b.key);
        const again = evaluatePolicies(
          shuffled.map(({ row }) => row),
          options,
        );
        expect(again).toEqual(evaluatePolicies(rows, options));
      }),
      { numRuns: 20 },
    );
  });

  it('has a front on which each row is slower and less often wrong than the one before', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { rows } = evaluatePolicies(rowsOf(world), options);
        const front = paretoFront(rows);
        for (const [i, row] of front.slice(1).entries()) {
          expect(row.meanLatencyS).toBeGreaterThan(front[i]!.meanLatencyS);
          expect(row.cutoffRate).toBeLessThan(front[i]!.cutoffRate);
        }
        const models = rows.filter(({ policy }) => policy === 'model');
        const isMatched = (row: PolicyRow) =>
          front.some((best) => best.meanLatencyS <= row.meanLatencyS && best.cutoffRate <= row.cutoffRate);
        expect(models.filter((row) => !isMatched(row))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the grids', () => {
  it('are those of the public protocol by default', () => {
    const { thresholds, actionDelaysS, timeoutsS } = policyConfig();
    expect([thresholds.length, thresholds[0], thresholds[29], thresholds.at(-1)]).toEqual([101, 0, 0.29, 1]);
    expect(actionDelaysS).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(timeoutsS).toEqual([1, 1.5, 2, 2.5, 3, 3.5]);
  });

  it('are sorted, each value once', () => {
    expect(policyConfig({ actionDelaysS: [0.5, 0.2, 0.5] }).actionDelaysS).toEqual([0.2, 0.5]);
  });

  it.each([
    [{ minHoldS: -0.1 }, 'the shortest pause must be at least 0 s, not -0.1'],
    [{ maxHoldS: 0.1 }, 'the longest pause (0.1 s) must not be shorter than the shortest one (0.2 s)'],
    [{ scorePointS: -1 }, 'the score point must be a time of at least 0 s, not -1'],
    [{ thresholds: [] }, 'there are no thresholds'],
    [{ thresholds: [1.5] }, 'the thresholds have a value that makes no sense: 1.5'],
    [{ timeoutsS: [Number.NaN] }, 'the timeouts have a value that makes no sense: NaN'],
    [{ minHoldS: 2, maxHoldS: 9 }, 'no usual delay or timeout is as long as the shortest pause of 2 s'],
  ])('refuse %j', (options, message) => {
    expect(() => policyConfig(options)).toThrow(message);
  });
});
