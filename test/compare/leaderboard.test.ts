import { describe, expect, it } from 'vitest';
import { type LeaderboardEntry, leaderboard, leaderboardDocument } from '../../src/compare/leaderboard.js';
import type { TaskScore } from '../../src/result/schema.js';

function score(recall: number | null, fpRate: number | null): TaskScore {
  return { tp: 1, fn: 1, fp: 1, tn: 1, recall, fp_rate: fpRate, latency_ms: { p10: 1, p50: 281.5, p90: 3 } };
}

function entry(model: string, eot: TaskScore | null, int: TaskScore | null = null): LeaderboardEntry {
  return { model, scores: { eot, int } };
}

const order = (entries: readonly LeaderboardEntry[], task: 'eot' | 'int') =>
  leaderboard(entries)[task].map(({ model, tasks }) => [model, tasks[task]?.rank ?? null]);

describe('the leaderboard', () => {
  it('ranks qualifiers by recall, with equality at the ceiling, and puts the others below', () => {
    const entries = [
      entry('spam', score(1, 0.9)),
      entry('meh', score(0.4, 0.15)),
      entry('good', score(0.8, 0.05)),
      entry('loud', score(0.9, 0.1500001)),
      entry('no-eot', null),
    ];
    expect(order(entries, 'eot')).toEqual([
      ['good', 1],
      ['meh', 2],
      ['spam', null],
      ['loud', null],
      ['no-eot', null],
    ]);
  });

  it('ranks each task by itself, and lists the whole board by EOT', () => {
    const entries = [
      entry('a', score(0.5, 0), score(0.9, 0)),
      entry('b', score(0.6, 0), score(0.8, 0.2)),
      entry('c', score(0.7, 0), null),
    ];
    expect(order(entries, 'int')).toEqual([
      ['a', 1],
      ['b', null],
      ['c', null],
    ]);
    expect(order(entries, 'eot').map(([model]) => model)).toEqual(['c', 'b', 'a']);
  });

  it('keeps the order of equals, ranks what has no recall last, and qualifies nobody without a rate', () => {
    const entries = [
      entry('nothing-due', score(null, 0)),
      entry('first', score(0.5, 0)),
      entry('second', score(0.5, 0)),
      entry('no-negatives', score(1, null)),
    ];
    expect(order(entries, 'eot')).toEqual([
      ['first', 1],
      ['second', 2],
      ['nothing-due', 3],
      ['no-negatives', null],
    ]);
  });

  it('puts the published test figures in the published order', () => {
    // The public board of the test set: recall, false-positive rate of EOT.
    const published: [string, number, number][] = [
      ['openai_server_vad', 0.954712, 0.5246],
      ['gemini_vad', 0.656603, 0.021937],
      ['vap', 0.844589, 0.055469],
      ['smart_turn_v3', 0.751629, 0.047007],
      ['mimi_endpointer', 0.782298, 0.077719],
      ['rms_vad', 0.717623, 0.632404],
      ['espnet_turntaking', 0.826474, 0.077719],
    ];
    const entries = published.map(([model, recall, fpRate]) => entry(model, score(recall, fpRate)));
    expect(order(entries, 'eot')).toEqual([
      ['vap', 1],
      ['espnet_turntaking', 2],
      ['mimi_endpointer', 3],
      ['smart_turn_v3', 4],
      ['gemini_vad', 5],
      ['openai_server_vad', null],
      ['rms_vad', null],
    ]);
  });

  it('is written in the public layout, in six decimals, with null for what is not supported', () => {
    const context = { dataset: 'tiny', split: 'test', fpBudget: 0.1 };
    expect(leaderboardDocument([entry('vap', score(2 / 3, 1 / 7))], context)).toEqual({
      split: 'test',
      dataset: 'tiny',
      fp_budget: 0.1,
      test_fp_bound: 0.15,
      models: [
        {
          model: 'vap',
          eot: {
            recall: 0.666667,
            fp_rate: 0.142857,
            latency_ms: { p10: 1, p50: 281.5, p90: 3 },
            rank: 1,
            qualifies: true,
          },
          int: {
            recall: null,
            fp_rate: null,
            latency_ms: { p10: null, p50: null, p90: null },
            rank: null,
            qualifies: null,
          },
        },
      ],
    });
  });
});
