import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskCounts } from '../../src/core/counts.js';
import type { TaskGold } from '../../src/core/gold.js';
import { type PerSpeaker, SPEAKERS, type Speaker } from '../../src/core/speaker.js';
import { scoreTask } from '../../src/score/match.js';
import { eventTimes, goldWorlds, span } from '../helpers/gold.js';

const none: readonly number[] = [];

function task(part: Partial<TaskGold>): TaskGold {
  return { positives: [], negatives: [], excluded: [], ...part };
}

function end(speaker: Speaker, timeS: number) {
  return { speaker, timeS };
}

describe('matching predictions with anchors', () => {
  it('counts a correct detection once, and never also as a false positive', () => {
    // speaker 1   |--turn--|2.0 pause 2.9|--turn--|3.0
    // model                                          ^3.125
    const gold = task({ positives: [end(1, 3)], negatives: [span(1, 2, 2.9), span(1, 3.1, 3.5)] });
    expect(scoreTask(gold, { 1: [3.125], 2: none })).toEqual({ tp: 1, fn: 0, fp: 0, tn: 2, latenciesMs: [125] });
  });

  it('accepts both ends of the window, and nothing beyond', () => {
    const gold = task({ positives: [end(1, 10)] });
    const latencies = (time: number) => scoreTask(gold, { 1: [time], 2: none }).latenciesMs;
    expect([9.75, 13].map(latencies)).toEqual([[-250], [3000]]);
    expect([9.7499, 13.0001].map(latencies)).toEqual([[], []]);
  });

  it('ends a window at the next anchor of the same speaker only', () => {
    const late = (other: Speaker) =>
      scoreTask(task({ positives: [end(1, 10), end(other, 11)] }), { 1: [11.5], 2: none });
    expect(late(1)).toMatchObject({ tp: 1, fn: 1, latenciesMs: [500] });
    expect(late(2)).toMatchObject({ tp: 1, fn: 1, latenciesMs: [1500] });
  });

  it('lets each prediction be claimed once, by the earlier anchor', () => {
    const gold = task({ positives: [end(1, 10.2), end(1, 10)] });
    expect(scoreTask(gold, { 1: [10.1], 2: none })).toMatchObject({ tp: 1, fn: 1 });
    expect(scoreTask(gold, { 1: [10.1, 10.2], 2: none }).latenciesMs.map(Math.round)).toEqual([100, 0]);
  });

  it('fires a span from a quarter second before it to its end, once', () => {
    const gold = task({ negatives: [span(2, 5, 6)] });
    const fp = (times: number[]) => scoreTask(gold, { 1: none, 2: times }).fp;
    expect([[4.75], [6], [5, 5.5, 6], [4.74], [6.01]].map(fp)).toEqual([1, 1, 1, 0, 0]);
  });

  it('lets one prediction fire several spans', () => {
    const gold = task({ negatives: [span(1, 5, 6), span(1, 5.2, 7), span(2, 5, 6)] });
    expect(scoreTask(gold, { 1: [5.5], 2: none })).toMatchObject({ fp: 2, tn: 1 });
  });

  it('does not look at predictions in an excluded interval of that speaker, its ends included', () => {
    const gold = task({ positives: [end(1, 5), end(2, 5)], excluded: [span(1, 4.9, 5.1)] });
    expect(scoreTask(gold, { 1: [4.9, 5.1], 2: [5] })).toMatchObject({ tp: 1, fn: 1, latenciesMs: [0] });
  });

  it('refuses predictions that do not ascend', () => {
    expect(() => scoreTask(task({}), { 1: [2, 1], 2: none })).toThrow('not ascending');
  });
});

describe('matching, for any gold and any predictions', () => {
  const predictions = fc.tuple(eventTimes(), eventTimes()).map(([first, second]) => ({ 1: first, 2: second }));

  it('equals the rule word by word', () => {
    fc.assert(
      fc.property(goldWorlds(), predictions, (gold, predicted) => {
        expect(scoreTask(gold.eot, predicted)).toEqual(scoreLiterally(gold.eot, predicted));
        expect(scoreTask(gold.int, predicted)).toEqual(scoreLiterally(gold.int, predicted));
      }),
      { numRuns: 500 },
    );
  });

  it('does not change with predictions far away from everything', () => {
    fc.assert(
      fc.property(goldWorlds(), predictions, (gold, predicted) => {
        const more = { 1: [...predicted[1], 1000, 1001], 2: [...predicted[2], 2000] };
        expect(scoreTask(gold.eot, more)).toEqual(scoreTask(gold.eot, predicted));
      }),
    );
  });

  it('finds nothing in silence', () => {
    fc.assert(
      fc.property(goldWorlds(), ({ eot }) => {
        const silent = { tp: 0, fn: eot.positives.length, fp: 0, tn: eot.negatives.length, latenciesMs: [] };
        expect(scoreTask(eot, { 1: none, 2: none })).toEqual(silent);
      }),
    );
  });

  it('finds everything, without an error, in events at the anchors', () => {
    fc.assert(
      fc.property(goldWorlds(), ({ eot }) => {
        const at = (speaker: Speaker) =>
          eot.positives
            .filter((anchor) => anchor.speaker === speaker)
            .map((anchor) => anchor.timeS)
            .sort((a, b) => a - b);
        const oracle = scoreTask(eot, { 1: at(1), 2: at(2) });
        expect(oracle).toMatchObject({ tp: eot.positives.length, fn: 0, fp: 0 });
        expect(oracle.latenciesMs.every((latency) => latency === 0)).toBe(true);
      }),
    );
  });
});

/** Section 5 of the specification, quadratic and as it is written. */
function scoreLiterally(gold: TaskGold, predicted: PerSpeaker<readonly number[]>): TaskCounts {
  const free = { 1: [...predicted[1]], 2: [...predicted[2]] };
  for (const { speaker, startS, endS } of gold.excluded) {
    free[speaker] = free[speaker].filter((p) => !(startS <= p && p <= endS));
  }
  const windows: { speaker: Speaker; lower: number; upper: number }[] = [];
  const latenciesMs: number[] = [];
  for (const { speaker, timeS } of [...gold.positives].sort((a, b) => a.timeS - b.timeS)) {
    const later = gold.positives.filter((other) => other.speaker === speaker && other.timeS > timeS);
    const lower = timeS - 0.25;
    const upper = Math.min(timeS + 3.0, ...later.map((other) => other.timeS));
    windows.push({ speaker, lower, upper });
    const claimed = free[speaker].findIndex((p) => lower <= p && p <= upper);
    if (claimed < 0) continue;
    latenciesMs.push((free[speaker][claimed]! - timeS) * 1000);
    free[speaker].splice(claimed, 1);
  }
  for (const speaker of SPEAKERS) {
    const own = windows.filter((window) => window.speaker === speaker);
    free[speaker] = free[speaker].filter((p) => !own.some(({ lower, upper }) => lower <= p && p <= upper));
  }
  const fp = gold.negatives.filter(({ speaker, startS, endS }) =>
    free[speaker].some((p) => startS - 0.25 <= p && p <= endS),
  ).length;
  const tp = latenciesMs.length;
  return { tp, fn: gold.positives.length - tp, fp, tn: gold.negatives.length - fp, latenciesMs };
}
