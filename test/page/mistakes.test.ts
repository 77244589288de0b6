import { describe, expect, it } from 'vitest';
import { judge, judgedOf } from '../../src/page/judge.js';
import { type Mistake, mistakesOf } from '../../src/page/mistakes.js';
import { conversationData } from '../../src/report/html/page-data.js';
import { BACKCHANNEL, goldOf, INTERRUPTION } from '../helpers/gold.js';

const DURATION_S = 30;

//  speaker 1  |1--turn--|4 pause 5|--turn--|8               |15 interrupts 18|
//  speaker 2        |2 bc 3|                 |10--turn----16|
const GOLD = goldOf(
  [
    [1, 4],
    [5, 8],
    [15, 18, INTERRUPTION],
  ],
  [
    [2, 3, BACKCHANNEL],
    [10, 16],
  ],
);

/** Of speaker 1, whose floor rises and falls at these times. */
function mistakes(rises: readonly number[], falls: readonly number[]): Mistake[] {
  const none = { eot: [], interruption: [] };
  const events = { speaker_1: { eot: falls, interruption: rises }, speaker_2: none };
  const portrait = { id: '1', tags: {}, durationS: DURATION_S, gold: GOLD };
  const judgement = judge(judgedOf(conversationData(portrait, [{ events, floor: null }])), 0, null)!;
  return mistakesOf(judgement, GOLD, DURATION_S).filter(({ speaker }) => speaker === 1);
}

const brief = (list: readonly Mistake[]) =>
  list.map(({ kind, task, timeS, wrongS, what }) => `${kind} ${task} ${timeS} wrong ${wrongS.toFixed(2)}: ${what}`);

describe('how bad a mistake was', () => {
  it('finds none in a model that does what it should', () => {
    expect(mistakes([1, 15.1], [8.2, 18.1])).toEqual([]);
  });

  it('measures a false end of turn until the floor is taken back, or the turn really ends', () => {
    expect(brief(mistakes([1, 4.9, 15.1], [4.3, 8.2, 18.1]))).toEqual([
      'fp eot 4.3 wrong 0.60: gave the floor up 0.30 s into a pause of 1.00 s',
    ]);
    expect(brief(mistakes([1, 15.1], [4.3, 18.1]))).toEqual([
      'fp eot 4.3 wrong 3.70: gave the floor up 0.30 s into a pause of 1.00 s',
      'fn eot 8 wrong 3.70: gave the floor up 3.70 s too early',
    ]);
  });

  it('measures a miss until the model notices, or until the subject speaks again', () => {
    expect(brief(mistakes([1, 15.1], [11.5, 18.1]))).toEqual(['fn eot 8 wrong 3.50: noticed 3.50 s after the end']);
    expect(brief(mistakes([1], [18.1]))).toEqual([
      'fn eot 8 wrong 7.00: never noticed',
      'fn int 15 wrong 14.00: held the floor for 14.00 s already',
    ]);
  });

  it('measures a missed interruption until the floor is given, or the turn is over', () => {
    expect(brief(mistakes([1], [8.2]))).toEqual([
      'fn int 15 wrong 3.00: never noticed',
      'fn eot 18 wrong 3.00: gave the floor up 3.00 s too early',
    ]);
  });
});

describe('taking the floor on a backchannel', () => {
  it('is wrong until the floor falls, and says what it was', () => {
    const none = { eot: [], interruption: [] };
    const events = { speaker_1: none, speaker_2: { eot: [2.9, 16.1], interruption: [2.2, 10] } };
    const portrait = { id: '1', tags: {}, durationS: DURATION_S, gold: GOLD };
    const judgement = judge(judgedOf(conversationData(portrait, [{ events, floor: null }])), 0, null)!;
    const found = mistakesOf(judgement, GOLD, DURATION_S).filter(({ speaker }) => speaker === 2);
    expect(brief(found)).toEqual(['fp int 2.2 wrong 0.70: took the floor on a backchannel']);
  });
});
