import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLOOR_STATES } from '../../src/core/counts.js';
import type { Gold, Interval } from '../../src/core/gold.js';
import type { Speaker } from '../../src/core/speaker.js';
import { stepMidpointS } from '../../src/core/time.js';
import { floorFromBits } from '../../src/decide/floor.js';
import { prepareFloor, scoreFloor } from '../../src/score/floor.js';
import { floorStates } from '../../src/score/floor-states.js';
import { gapsOf } from '../../src/score/gaps.js';
import { goldOf, goldWorlds, span, withExcluded } from '../helpers/gold.js';

//        0    0.2       0.6  0.8   1.0  1.1  1.2  1.4       1.8  2.0 s
// 1       .    |==turn==|pause|==turn============|    .      .    .
// 2       .    .        .     .     |===|        |gap |=turn=|    .
const gold = goldOf(
  [
    [0.2, 0.6],
    [0.8, 1.2],
  ],
  [
    [1.0, 1.1],
    [1.4, 1.8],
  ],
);
const STEPS = 100;

/** State names and lengths in steps, run by run. */
function runsOf(world: Gold, subject: Speaker): [string, number][] {
  const { ends, states } = floorStates(world, gapsOf(world), subject, STEPS);
  return [...states].map((state, i) => [FLOOR_STATES[state] ?? 'not scored', ends[i]! - (ends[i - 1] ?? 0)]);
}

describe('the gold floor', () => {
  it('says for each step who holds it, seen from the subject', () => {
    expect(runsOf(gold, 1)).toEqual([
      ['silence', 10],
      ['subject', 20],
      ['pause', 10],
      ['subject', 10],
      ['overlap', 5],
      ['subject', 5],
      ['gap', 10],
      ['other', 20],
      ['silence', 10],
    ]);
    expect(runsOf(gold, 2)).toEqual([
      ['silence', 10],
      ['other', 20],
      ['silence', 10],
      ['other', 10],
      ['overlap', 5],
      ['other', 5],
      ['gap', 10],
      ['subject', 20],
      ['silence', 10],
    ]);
  });

  it('is not scored where annotators of the subject disagree', () => {
    const world = withExcluded(gold, 'eot', [span(1, 0, 0.2), span(2, 1.8, 2)]);
    expect(runsOf(world, 1)[0]).toEqual(['not scored', 10]);
    expect(runsOf(world, 1).at(-1)).toEqual(['silence', 10]);
  });

  it('is read in the middle of the step', () => {
    // 0.21 is the middle of step 10: a turn from there holds it, a turn until there does not.
    expect(runsOf(goldOf([[0.21, 0.41]]), 1)[0]).toEqual(['silence', 10]);
    expect(runsOf(goldOf([[0.21, 0.41]]), 1)[1]).toEqual(['subject', 10]);
  });
});

describe('the gold floor, for any gold', () => {
  it('is what each step alone says, in as few runs as possible', () => {
    const excluded = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -1, max: 9 })), { maxLength: 3 })
      .map((pairs) => pairs.map(([start, length]) => span(1, start / 2, (start + length) / 2)));
    fc.assert(
      fc.property(goldWorlds(), excluded, fc.integer({ min: 0, max: 1500 }), (world, disputes, steps) => {
        const { eot, turns } = withExcluded(world, 'eot', disputes);
        const gaps = gapsOf(world);
        const at = (intervals: readonly Interval[], step: number) =>
          intervals.some(({ startS, endS }) => startS <= stepMidpointS(step) && stepMidpointS(step) < endS);
        const pauses = eot.negatives.filter(({ speaker }) => speaker === 1);
        const literal = Array.from({ length: steps }, (_, step) => {
          if (at(disputes, step)) return undefined;
          if (at(turns[1], step)) return at(turns[2], step) ? 'overlap' : 'subject';
          if (at(pauses, step)) return 'pause';
          if (at(turns[2], step)) return 'other';
          return at(gaps, step) ? 'gap' : 'silence';
        });
        const { ends, states } = floorStates(withExcluded(world, 'eot', disputes), gaps, 1, steps);
        const runs = [...states].flatMap((state, i) => Array(ends[i]! - (ends[i - 1] ?? 0)).fill(FLOOR_STATES[state]));
        expect(runs).toEqual(literal);
        expect([...states].every((state, i) => state !== states[i - 1])).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a gap', () => {
  it('lasts from the end of a turn to the onset of the other', () => {
    expect(gapsOf(gold)).toEqual([span(1, 1.2, 1.4)]);
  });

  it('does not exist where the other is already speaking, or starts at that moment', () => {
    expect(gapsOf(goldOf([[0, 2]], [[1, 3]]))).toEqual([]);
    expect(gapsOf(goldOf([[0, 2]], [[2, 3]]))).toEqual([]);
  });

  it('does not exist where the same speaker goes on, or nobody', () => {
    expect(
      gapsOf(
        goldOf([
          [0, 1],
          [2, 3],
        ]),
      ),
    ).toEqual([]);
  });
});

/** Floor bits from a drawing, one letter per tenth of a second: `#` the subject holds the floor. */
function drawn(picture: string): ReturnType<typeof floorFromBits> {
  const bits = Uint8Array.from({ length: picture.length * 5 }, (_, step) =>
    picture[Math.floor(step / 5)] === '#' ? 1 : 0,
  );
  return floorFromBits(bits);
}

function scored(picture: string) {
  return scoreFloor(prepareFloor(gold, gapsOf(gold), 1, STEPS), drawn(picture));
}

describe('a floor track of speaker 1', () => {
  it('is counted by state', () => {
    const { stepsByState } = prepareFloor(gold, gapsOf(gold), 1, STEPS);
    //                   subject, overlap, pause, other, gap, silence
    expect(stepsByState).toEqual([35, 5, 10, 20, 10, 20]);
    // tenths:       0.0 0.5  1.0  1.5
    expect(scored('..#########.........').heldByState).toEqual([30, 5, 10, 0, 0, 0]);
    expect(scored('#..................#').heldByState).toEqual([0, 0, 0, 0, 0, 10]);
    expect(scored('####################').heldByState).toEqual(stepsByState);
    expect(scored('....................').heldByState).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('keeps a hold when the bit is 1 throughout the pause', () => {
    expect(scored('..#########.........').holdsKept).toBe(1);
    expect(scored('......##............').holdsKept).toBe(1);
    expect(scored('..####.####.........').holdsKept).toBe(0);
    expect(scored('..#####.###.........').holdsKept).toBe(0);
    expect(scored('....................').holdsKept).toBe(0);
  });

  it('releases a shift when the bit is 0 at some step before the other starts', () => {
    expect(scored('..##########........').shiftsReleased).toBe(1);
    expect(scored('..###########.......').shiftsReleased).toBe(1);
    expect(scored('..############......').shiftsReleased).toBe(0);
    expect(scored('....................').shiftsReleased).toBe(1);
  });

  it('flips at every edge', () => {
    expect(scored('..####.####.........').flips).toBe(4);
    expect(scored('####################').flips).toBe(1);
  });

  it('must be as long as the gold', () => {
    expect(() => scored('..')).toThrow('10 steps, gold 100');
  });
});

describe('holds and shifts', () => {
  it('that contain no end of a step are not counted', () => {
    // The pause 0.305–0.315 and the gap 0.405–0.415 fit between two ends.
    const world = goldOf(
      [
        [0.1, 0.305],
        [0.315, 0.405],
      ],
      [[0.415, 1]],
    );
    const prepared = prepareFloor(world, gapsOf(world), 1, STEPS);
    expect([world.eot.negatives.length, gapsOf(world).length]).toEqual([1, 1]);
    expect([prepared.holds.ends.length, prepared.shifts.ends.length]).toEqual([0, 0]);
  });
});
