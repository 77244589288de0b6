import { describe, expect, it } from 'vitest';
import { humanTiming } from '../../src/corpus/human.js';
import { goldOf, INTERRUPTION } from '../helpers/gold.js';

/**
 *             0     2     4     6     8     10    12   13
 *   speaker 1 |--------|        |--|        |---------|        0–2, 5–6, 9–12
 *   speaker 2           |----|    |~~~~~~~~~~~~|  |~~~~~~|     2.4–4, 5.8–9.5 and 11–13 interrupt
 *
 * Ends of turn and responses: 2 → 2.4, 6 → 5.8, 12 → 11 (speaker 1); 4 → 5, 9.5 → 9, 13 → nothing (speaker 2).
 */
const WORLD = goldOf(
  [
    [0, 2],
    [5, 6],
    [9, 12],
  ],
  [
    [2.4, 4],
    [5.8, 9.5, INTERRUPTION],
    [11, 13, INTERRUPTION],
  ],
);

describe('human timing', () => {
  it('measures responses from the end of the turn, negative in overlap', () => {
    const { floor_transfer_ms: transfer, overlapped_share, unanswered } = humanTiming([WORLD]);
    // −1000, −500, −200, 400, 1000
    expect(transfer.n).toBe(5);
    expect([transfer.p10, transfer.p50, transfer.p90, transfer.mean]).toEqual(
      [-800, -200, 760, -60].map((ms) => expect.closeTo(ms, 6)),
    );
    expect([overlapped_share, unanswered]).toEqual([0.6, 1]);
  });

  it('calls a transfer smooth unless the response is an interruption', () => {
    const { smooth_transfer_ms: smooth, gap_transfer_ms: gap } = humanTiming([WORLD]);
    expect([smooth.n, smooth.p50]).toEqual([3, expect.closeTo(400, 6)]);
    expect([gap.n, gap.p50]).toEqual([2, expect.closeTo(700, 6)]);
  });

  it('measures how long the interrupted one goes on', () => {
    const { yield_ms: yields, without_turn } = humanTiming([WORLD]);
    // 6 − 5.8 and 12 − 11
    expect([yields.n, yields.p50, without_turn]).toEqual([2, expect.closeTo(600, 6), 0]);
  });

  it('counts an interruption of nobody, and yields nothing for it', () => {
    // speaker 1 |0---1|
    // speaker 2          |2 "interrupts" 3|
    const { yield_ms: yields, without_turn } = humanTiming([goldOf([[0, 1]], [[2, 3, INTERRUPTION]])]);
    expect([yields, without_turn]).toEqual([{ n: 0, mean: null, p10: null, p50: null, p90: null }, 1]);
  });

  it('takes the latest begun of several turns under way, and pools conversations', () => {
    // speaker 1 |0---------------4|
    // speaker 2     |1-----------------6|  and within it |3---5|
    const nested = goldOf(
      [[0, 4]],
      [
        [1, 6],
        [3, 5],
      ],
    );
    expect(humanTiming([nested]).floor_transfer_ms).toMatchObject({ n: 1, p50: -1000 });
    expect(humanTiming([nested, WORLD]).floor_transfer_ms.n).toBe(6);
  });

  it('has nothing to say of silence', () => {
    expect(humanTiming([goldOf([])])).toMatchObject({
      overlapped_share: null,
      unanswered: 0,
      floor_transfer_ms: { n: 0 },
    });
  });
});
