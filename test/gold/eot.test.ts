import { describe, expect, it } from 'vitest';
import { BACKCHANNEL, FAILED_ATTEMPT, goldOf, INTERRUPTION } from '../helpers/gold.js';

describe('ends of turn and pauses', () => {
  it('is a pause when the same speaker goes on, and an end when the other does or nobody', () => {
    // speaker 1  |--1--2|      |3--4|                 2–3 is a pause
    // speaker 2                        |5--6|
    const { eot } = goldOf(
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
    );
    expect(eot.negatives).toEqual([{ speaker: 1, startS: 2, endS: 3 }]);
    expect(eot.positives).toEqual([
      { speaker: 1, timeS: 4 },
      { speaker: 2, timeS: 6 },
    ]);
  });

  it('is a pause when both start at the same moment, and an end while the other is speaking', () => {
    expect(
      goldOf(
        [
          [1, 2],
          [3, 4],
        ],
        [[3, 5]],
      ).eot.negatives,
    ).toEqual([{ speaker: 1, startS: 2, endS: 3 }]);
    // speaker 2 speaks across the end of speaker 1's segment
    expect(
      goldOf(
        [
          [1, 2],
          [3, 4],
        ],
        [[1.5, 2.5]],
      ).eot.positives,
    ).toContainEqual({ speaker: 1, timeS: 2 });
  });

  it('skips a segment that ends inside another one of the same speaker', () => {
    expect(
      goldOf([
        [1, 5],
        [2, 3],
      ]).eot,
    ).toMatchObject({ positives: [{ speaker: 1, timeS: 5 }], negatives: [] });
  });

  it('cuts a pause where the speaker makes another sound or the other tries to break in', () => {
    const pauseWith = (own: [number, number, string][], other: [number, number, string][]) =>
      goldOf([[1, 2], [5, 6], ...own], other).eot.negatives;
    expect(pauseWith([[3, 4, 'Laughter']], [])).toEqual([{ speaker: 1, startS: 2, endS: 3 }]);
    expect(pauseWith([], [[4, 4.5, FAILED_ATTEMPT]])).toEqual([{ speaker: 1, startS: 2, endS: 4 }]);
    expect(pauseWith([], [[4, 4.5, BACKCHANNEL]])).toEqual([{ speaker: 1, startS: 2, endS: 5 }]);
  });

  it('knows an interruption both as a turn and as an interruption', () => {
    // speaker 1  |1-----------4|
    // speaker 2             |3 interrupts 6|
    const gold = goldOf([[1, 4]], [[3, 6, INTERRUPTION]]);
    expect(gold.int.positives).toEqual([{ speaker: 2, timeS: 3 }]);
    expect(gold.turns[2]).toEqual([{ startS: 3, endS: 6 }]);
    expect(gold.eot.positives).toEqual([
      { speaker: 1, timeS: 4 },
      { speaker: 2, timeS: 6 },
    ]);
  });

  it('makes failed attempts invisible for interruptions, and backchannels wrong ones', () => {
    const { int } = goldOf(
      [],
      [
        [1, 2, FAILED_ATTEMPT],
        [3, 4, BACKCHANNEL],
      ],
    );
    expect(int).toEqual({
      positives: [],
      negatives: [{ speaker: 2, startS: 3, endS: 4 }],
      excluded: [{ speaker: 2, startS: 1, endS: 2 }],
    });
  });
});
