import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, drawResamples } from '../../src/stats/bootstrap.js';
import { pairedDifference, verdictOf } from '../../src/stats/paired.js';
import { ratioOfSums, type Statistic } from '../../src/stats/statistic.js';

/** Recall of conversations with 20 turns each. */
function recallOf(found: readonly number[]): Statistic {
  return ratioOfSums(
    found,
    found.map(() => 20),
  );
}

describe('two runs on the same conversations', () => {
  it('are told apart by a small difference that is there in every conversation', () => {
    // Conversations are very different, the candidate finds one or two turns fewer in each of them.
    const reference = [19, 5, 12, 16, 7, 18, 10, 14];
    const candidate = [18, 3, 11, 15, 5, 17, 9, 13];
    const resamples = drawResamples(8, 1);
    const { estimate, interval, verdict } = pairedDifference(
      resamples,
      recallOf(reference),
      recallOf(candidate),
      'higher',
    );
    expect(estimate).toBeCloseTo(-10 / 160, 12);
    expect(interval![0]).toBeGreaterThan(-0.1);
    expect(interval![1]).toBeLessThan(0);
    expect(verdict).toBe('worse');
    // Each interval alone is far too wide to see it.
    const [, high] = bootstrapInterval(resamples, recallOf(candidate))!;
    const [low] = bootstrapInterval(resamples, recallOf(reference))!;
    expect(high).toBeGreaterThan(low);
  });

  it('are no evidence of anything when they are the same', () => {
    const found = [19, 5, 12, 16, 7, 18];
    expect(pairedDifference(drawResamples(6, 1), recallOf(found), recallOf(found), 'higher')).toEqual({
      estimate: 0,
      interval: [0, 0],
      verdict: 'no evidence',
    });
  });

  it('are no evidence of anything when they differ in one conversation', () => {
    const pair = [recallOf([19, 5, 12, 16, 7, 18]), recallOf([2, 5, 12, 16, 7, 18])] as const;
    expect(pairedDifference(drawResamples(6, 1), ...pair, 'higher').verdict).toBe('no evidence');
  });

  it('get no verdict from fewer than six conversations, however clear', () => {
    const verdicts = [2, 5, 6].map(
      (n) =>
        pairedDifference(drawResamples(n, 1), recallOf(Array(n).fill(20)), recallOf(Array(n).fill(1)), 'higher')
          .verdict,
    );
    expect(verdicts).toEqual(['no evidence', 'no evidence', 'worse']);
  });

  it('have a difference but no interval when they share one conversation', () => {
    expect(pairedDifference(drawResamples(1, 1), recallOf([10]), recallOf([5]), 'higher')).toEqual({
      estimate: -0.25,
      interval: undefined,
      verdict: 'no evidence',
    });
  });

  it('have no difference where one of them measured nothing', () => {
    const nothing = ratioOfSums([0, 0, 0], [0, 0, 0]);
    expect(pairedDifference(drawResamples(3, 1), recallOf([1, 2, 3]), nothing, 'higher')).toEqual({
      estimate: undefined,
      interval: undefined,
      verdict: 'no evidence',
    });
  });

  it('change the verdict when they change places, and when the other direction is the better one', () => {
    const opposite = { better: 'worse', worse: 'better', 'no evidence': 'no evidence' } as const;
    const conversations = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 6, maxLength: 10 });
    fc.assert(
      fc.property(conversations, (pairs) => {
        const resamples = drawResamples(pairs.length, 1, 200);
        const a = recallOf(pairs.map(([first]) => first));
        const b = recallOf(pairs.map(([, second]) => second));
        const { verdict } = pairedDifference(resamples, a, b, 'higher');
        expect(pairedDifference(resamples, a, b, 'lower').verdict).toBe(opposite[verdict]);
        expect(pairedDifference(resamples, b, a, 'higher').verdict).toBe(opposite[verdict]);
      }),
    );
  });
});

describe('a verdict', () => {
  it('needs all of the interval beyond the tolerance', () => {
    expect(verdictOf([0.01, 0.05], 'higher')).toBe('better');
    expect(verdictOf([0.01, 0.05], 'lower')).toBe('worse');
    expect(verdictOf([0.01, 0.05], 'higher', 0.01)).toBe('no evidence');
    expect(verdictOf([-0.05, -0.02], 'higher', 0.01)).toBe('worse');
    expect(verdictOf([-0.05, 0], 'higher')).toBe('no evidence');
  });
});
