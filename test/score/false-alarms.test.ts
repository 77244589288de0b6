import { describe, expect, it } from 'vitest';
import type { Gold } from '../../src/core/gold.js';
import { alarmRegions, countFalseAlarms, speechOf, speechSeconds } from '../../src/score/false-alarms.js';
import { prepareTask } from '../../src/score/match.js';
import { BACKCHANNEL, goldOf, INTERRUPTION, span, withExcluded } from '../helpers/gold.js';

// 1   |0------turn------4| pause |5--turn--6|A                      |12---13|A
// 2            |2 bc 2.5|                        |7------turn------11|A
const gold = goldOf(
  [
    [0, 4],
    [5, 6],
    [12, 13],
  ],
  [
    [2, 2.5, BACKCHANNEL],
    [7, 11],
  ],
);

function alarms(world: Gold, task: 'eot' | 'int', subject: 1 | 2, timeS: number): number {
  const regions = alarmRegions(task, prepareTask(world[task]), speechOf(world));
  return countFalseAlarms(regions, { 1: subject === 1 ? [timeS] : [], 2: subject === 2 ? [timeS] : [] });
}

describe('false alarms', () => {
  it('are ends of turn in the middle of the own speech', () => {
    expect([1, 3.7, 5.5].map((timeS) => alarms(gold, 'eot', 1, timeS))).toEqual([1, 1, 1]);
  });

  it('are not what is scored already: pauses from a quarter second before them, and windows of anchors', () => {
    expect([3.75, 4.5, 5, 5.75, 6].map((timeS) => alarms(gold, 'eot', 1, timeS))).toEqual([0, 0, 0, 0, 0]);
    // 12.5 is own speech, but later than three seconds after the anchor at 6 and earlier than 0.25 s before 13
    expect(alarms(gold, 'eot', 1, 12.5)).toBe(1);
  });

  it('do no harm in silence or while the other is talking', () => {
    expect([6.5, 9.5, 11.5].map((timeS) => alarms(gold, 'eot', 1, timeS))).toEqual([0, 0, 0]);
  });

  it('are interruptions while the other is talking', () => {
    expect([8, 10].map((timeS) => alarms(gold, 'int', 1, timeS))).toEqual([1, 1]);
    expect([1, 6.5].map((timeS) => alarms(gold, 'int', 1, timeS))).toEqual([0, 0]);
    // During the own backchannel speaker 2 is scored (as a false positive); before it nothing accounts for the event.
    expect([1, 1.75, 2.5, 3].map((timeS) => alarms(gold, 'int', 2, timeS))).toEqual([1, 0, 0, 1]);
  });

  it('are not interruptions that are due', () => {
    const barge = goldOf([[0, 4]], [[3, 6, INTERRUPTION]]);
    expect([2, 2.75, 3.5].map((timeS) => alarms(barge, 'int', 2, timeS))).toEqual([1, 0, 0]);
  });

  it('are not looked for where annotators disagree about that speaker', () => {
    expect(alarms(withExcluded(gold, 'eot', [span(1, 0.5, 1)]), 'eot', 1, 1)).toBe(0);
    expect(alarms(withExcluded(gold, 'eot', [span(2, 0.5, 1)]), 'eot', 1, 1)).toBe(1);
  });

  it('are counted per time of speech, overlapping segments once', () => {
    expect(speechSeconds(speechOf(gold))).toBe(6 + 4);
    expect(
      speechSeconds(
        speechOf(
          goldOf([
            [0, 4],
            [1, 2],
            [3, 5],
          ]),
        ),
      ),
    ).toBe(5);
  });
});
