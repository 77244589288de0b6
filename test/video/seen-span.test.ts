import { expect, it } from 'vitest';
import { SeenSpan } from '../../src/video/seen-span.js';
import { timesAt } from '../helpers/video.js';

/** s of a conversation of 10 s. */
function unseen(timesS: readonly number[]): number {
  const span = new SeenSpan();
  // Both passes see the same frames.
  for (const timeS of [...timesS, ...timesS]) span.add(timeS);
  return span.unseenS(10);
}

it('a speaker is unseen before the first frame, after the last, and without any', () => {
  //       0                   10 s
  //  all  |--------------------|
  expect(unseen(timesAt(10, 100))).toBeCloseTo(0, 9);
  expect(unseen(timesAt(10, 200))).toBeCloseTo(0, 9);
  expect(unseen(timesAt(10, 60))).toBeCloseTo(4, 9);
  expect(unseen(timesAt(10, 60, 1.5))).toBeCloseTo(4, 9);
  expect(unseen(timesAt(10, 200, -3))).toBeCloseTo(0, 9);
  expect(unseen(timesAt(10, 10, 20))).toBe(10);
  expect(unseen([])).toBe(10);
});
