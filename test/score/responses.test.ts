import { describe, expect, it } from 'vitest';
import { addResponses, responsesOf } from '../../src/score/responses.js';
import { goldOf, interval } from '../helpers/gold.js';

// 1   |0--turn--2|pause|3--turn--5|EOT            |10--turn--12|EOT              |14-15|EOT
// 2                                  |5.5-turn-9|EOT             |12.3-turn-13.7|EOT
const gold = goldOf(
  [
    [0, 2],
    [3, 5],
    [10, 12],
    [14, 15],
  ],
  [
    [5.5, 9],
    [12.3, 13.7],
  ],
);

function responses(...agent: [number, number][]) {
  return responsesOf(gold, { 1: agent.map(([startS, endS]) => interval(startS, endS)), 2: [] });
}

describe('the answers of a system that speaks', () => {
  it('are late by the time from the end of a turn to when it is heard', () => {
    //                5|  |5.8---7|      12| |12.5-13|   15| |16-17|
    expect(responses([5.8, 7], [12.5, 13], [16, 17])).toMatchObject({
      latenciesMs: [expect.closeTo(800, 6), 500, 1000],
      early: 0,
      falseStarts: 0,
      overlapS: 0,
    });
  });

  it('are none when the subject goes on first, and early when the system speaks already', () => {
    //            4.5|--turn ends--|6     nothing before 10
    expect(responses([4.5, 6])).toMatchObject({ latenciesMs: [], early: 1 });
    // Ends of speaker 1 at 12 and 15, of speaker 2 at 9 and 13.7.
    expect(responses([4.5, 6]).unanswered).toBe(4);
  });

  it('are false starts in the pause of a turn', () => {
    //      2|  |2.4-2.8|  |3
    expect(responses([2.4, 2.8])).toMatchObject({ pauses: 1, falseStarts: 1, latenciesMs: [] });
  });

  it('give way some time after the subject has begun, and what lies in turns is overlap', () => {
    //   |9.5--------10.7|     of 1.2 s, 0.7 s after the subject began at 10
    const counts = responses([9.5, 10.7]);
    expect(counts.yieldsMs).toEqual([expect.closeTo(700, 6)]);
    expect(counts.overlapS).toBeCloseTo(0.7, 9);
    expect(counts.spokenS).toBeCloseTo(1.2, 9);
  });

  it('are one answer when a chunk comes a little late', () => {
    expect(responses([5.8, 6.8], [7.0, 8])).toMatchObject({ latenciesMs: [expect.closeTo(800, 6)] });
    expect(responses([5.8, 6.8], [7.0, 8]).spokenS).toBeCloseTo(2.2, 9);
  });

  it('add up', () => {
    const [a, b] = [responses([5.8, 7]), responses([2.4, 2.8], [9.5, 10.7])];
    const sum = addResponses([a, b]);
    expect(sum.latenciesMs).toEqual([...a.latenciesMs, ...b.latenciesMs]);
    expect([sum.falseStarts, sum.pauses]).toEqual([1, 2]);
    expect(sum.spokenS).toBeCloseTo(a.spokenS + b.spokenS, 9);
  });
});
