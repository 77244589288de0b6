import { describe, expect, it } from 'vitest';
import { LABEL_VIEW, TURN_VIEW } from '../../src/gold/labels.js';
import { round4 } from '../../src/gold/rounding.js';
import { goldStatistics } from '../../src/gold/statistics.js';
import { BACKCHANNEL, goldOf, INTERRUPTION } from '../helpers/gold.js';

describe('label views', () => {
  it('know 18 labels, 8 of them turns', () => {
    expect([LABEL_VIEW.size, TURN_VIEW.size]).toEqual([18, 8]);
    expect(new Set(TURN_VIEW.values())).toEqual(new Set(['Turn']));
  });

  it('match by exact string and count what they do not know', () => {
    const { unknownLabels, labels } = goldOf(
      [
        [1, 2, 'normal turn'],
        [3, 4, 'Filler '],
        [5, 6, 'Filler'],
      ],
      [[1, 2, 'Filler ']],
    );
    expect(unknownLabels).toEqual({ 'normal turn': 1, 'Filler ': 2 });
    expect(labels).toEqual([{ speaker: 1, startS: 5, endS: 6, label: 'Turn' }]);
  });
});

describe('turns of gold', () => {
  it('are ordered by start, whatever the file order', () => {
    expect(
      goldOf([
        [5, 6],
        [1, 2],
        [3, 4],
      ]).turns[1].map(({ startS }) => startS),
    ).toEqual([1, 3, 5]);
  });
});

describe('rounding to four decimals', () => {
  it('breaks true ties to even, and only those', () => {
    expect([0.03125, 0.09375, -0.03125].map(round4)).toEqual([0.0312, 0.0938, -0.0312]);
    // The double 243.26815 is a little below that decimal, and multiplying it by 1e4 would round it up onto the tie.
    expect(round4(243.26815)).toBe(243.2681);
    expect(Math.round(243.26815 * 1e4) / 1e4).toBe(243.2682);
  });
});

describe('gold statistics', () => {
  it('add up conversations, counting overlapping speech once', () => {
    // speaker 1  |0----2|  |3-4|      a pause and an end; 1–2 is marked twice
    // speaker 2                 |5 interrupts 6|  |7 bc 8|
    const gold = goldOf(
      [
        [0, 2],
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6, INTERRUPTION],
        [7, 8, BACKCHANNEL],
        [9, 9.5, 'Cough'],
      ],
    );
    expect(goldStatistics([gold, gold])).toEqual({
      eot: { positives: 4, negatives: 2, excluded: 0, excluded_s: 0 },
      int: { positives: 2, negatives: 2, excluded: 0, excluded_s: 0 },
      turns: 8,
      turn_s: 8,
      labels: { Turn: 6, Interruption: 2, Backchannel: 2 },
      unknown_labels: { Cough: 2 },
    });
  });
});
