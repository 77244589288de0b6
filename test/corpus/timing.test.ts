import { describe, expect, it } from 'vitest';
import { corpusTiming } from '../../src/corpus/timing.js';
import { BACKCHANNEL, goldOf } from '../helpers/gold.js';

/**
 *             0     2     4     6     8     10    12   13
 *   speaker 1 |--| |--|         |--|        |---------|        0–1, 1.5–2, 5–6, 9–12
 *   speaker 2           |----|    |------------|  |------|     2.4–4, 5.8–9.5, 11–13; a backchannel 0.2–0.4
 */
const WORLD = goldOf(
  [
    [0, 1],
    [1.5, 2],
    [5, 6],
    [9, 12],
  ],
  [
    [0.2, 0.4, BACKCHANNEL],
    [2.4, 4],
    [5.8, 9.5],
    [11, 13],
  ],
);

describe('corpus timing', () => {
  const timing = corpusTiming([{ gold: WORLD, durationS: 15 }]);

  it('measures turns over their pauses, to their end', () => {
    // speaker 1: 2, 1, 3; speaker 2: 1.6, 3.7, 2
    expect(timing.turn_s.n).toBe(6);
    expect(timing.turn_s.p50).toBeCloseTo(2, 9);
    expect(timing.turn_s.mean).toBeCloseTo(13.3 / 6, 9);
  });

  it('tells pauses from changes of speaker', () => {
    expect(timing.pause_s).toMatchObject({ n: 1, p50: 0.5 });
    // 0.4, 1, −0.2, −0.5, −1
    expect(timing.fto_ms.n).toBe(5);
    expect(timing.fto_ms.p50).toBeCloseTo(-200, 6);
    expect(timing.overlapped_transfers).toBe(0.6);
  });

  it('counts simultaneous speech once', () => {
    // 5.8–6, 9–9.5, 11–12 of 11.1 s in which anybody holds a turn; a backchannel is no turn
    expect(timing.overlap_share).toBeCloseTo(1.7 / 11.1, 9);
  });

  it('pools conversations', () => {
    const both = corpusTiming([
      { gold: WORLD, durationS: 15 },
      { gold: goldOf([]), durationS: 5 },
    ]);
    expect(both).toEqual({ ...timing, conversations: 2, duration_s: 20 });
    expect(corpusTiming([])).toMatchObject({ overlap_share: null, overlapped_transfers: null, turn_s: { n: 0 } });
  });
});
