import { describe, expect, it } from 'vitest';
import { endpointTurns, scoreEndpoints } from '../../src/score/endpoint.js';
import { cutoffRateAt } from '../../src/score/endpoint-curve.js';
import { goldOf } from '../helpers/gold.js';

// speaker 1   |1--turn--3|  pause  |4--turn--5|A                  |8--turn--9|A
// speaker 2                                        |6----7|A
const turns = endpointTurns(
  goldOf(
    [
      [1, 3],
      [4, 5],
      [8, 9],
    ],
    [[6, 7]],
  ),
);

/** Endpoints of speaker 1; speaker 2 never ends a turn, so one is missed there. */
function endpoints(...eotS: number[]) {
  const { cutOffs, missed, latenciesMs } = scoreEndpoints(turns, { 1: eotS, 2: [] });
  return { cutOffs, missed: missed - 1, latenciesMs };
}

describe('endpoints', () => {
  it('belong to a turn from its first segment to the start of the next', () => {
    expect(turns).toEqual({
      1: {
        startsS: Float64Array.of(1, 8),
        anchorsS: Float64Array.of(5, 9),
        nextStartsS: Float64Array.of(8, Number.POSITIVE_INFINITY),
      },
      2: {
        startsS: Float64Array.of(6),
        anchorsS: Float64Array.of(7),
        nextStartsS: Float64Array.of(Number.POSITIVE_INFINITY),
      },
    });
  });

  it('are latencies from a quarter second before the anchor on', () => {
    expect(endpoints(4.75, 9.5)).toEqual({ cutOffs: 0, missed: 0, latenciesMs: [-250, 500] });
  });

  it('are cut-offs when the first event comes earlier, whatever comes after', () => {
    // 3.5 lies in the pause: the model took the floor away; 5.25 cannot repair that.
    expect(endpoints(3.5, 5.25, 9.5)).toEqual({ cutOffs: 1, missed: 0, latenciesMs: [500] });
  });

  it('are missed when nothing comes before the next turn', () => {
    expect(endpoints(9.5)).toEqual({ cutOffs: 0, missed: 1, latenciesMs: [500] });
    expect(endpoints()).toEqual({ cutOffs: 0, missed: 2, latenciesMs: [] });
  });

  it('have no bound but the next turn: late ones count with their latency', () => {
    expect(endpoints(8, 20)).toEqual({ cutOffs: 0, missed: 0, latenciesMs: [3000, 11000] });
  });

  it('are not decided by events before the turn', () => {
    expect(endpoints(0.5, 1)).toEqual({ cutOffs: 0, missed: 2, latenciesMs: [] });
  });

  it('start a turn after the anchor before, also when segments touch', () => {
    // speaker 1   |1---2||2---4|      speaker 2 speaks across 2, so there is an anchor at 2 and one at 4
    const touching = endpointTurns(
      goldOf(
        [
          [1, 2],
          [2, 4],
        ],
        [[1.5, 3]],
      ),
    );
    expect(touching[1]).toMatchObject({ startsS: Float64Array.of(1, 2), anchorsS: Float64Array.of(2, 4) });
  });
});

describe('the cut-off rate at one latency', () => {
  const point = (threshold: number, ep50Ms?: number, cutoffRate?: number) => ({ threshold, ep50Ms, cutoffRate });

  it('is read between neighbouring thresholds', () => {
    // 160 lies a quarter of the way from 200 to 40
    expect(cutoffRateAt([point(0.3, 400, 0), point(0.5, 200, 0.1), point(0.7, 40, 0.3)])).toBeCloseTo(0.15, 12);
  });

  it('is exact on a point, and at the end of the curve', () => {
    expect(cutoffRateAt([point(0.5, 160, 0.2), point(0.7, 100, 0.4)])).toBe(0.2);
    expect(cutoffRateAt([point(0.5, 300, 0.1), point(0.7, 160, 0.4)])).toBe(0.4);
  });

  it('does not exist for a curve that never gets there', () => {
    expect(cutoffRateAt([point(0.5, 300, 0.1), point(0.7, 200, 0.4)])).toBeUndefined();
    expect(cutoffRateAt([point(0.5), point(0.7, 100, 0.4)])).toBeUndefined();
    expect(cutoffRateAt([])).toBeUndefined();
  });

  it('leaves out what has no number, and does not depend on the order of the points', () => {
    expect(cutoffRateAt([point(0.9, 120, 0.4), point(0.8), point(0.7, 200, 0.2)])).toBeCloseTo(0.3, 12);
  });

  it('is read at the first passage', () => {
    expect(cutoffRateAt([point(0.1, 200, 0), point(0.2, 120, 0.2), point(0.3, 200, 0.8)])).toBeCloseTo(0.1, 12);
  });
});
