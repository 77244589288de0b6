import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitAtThresholds, commitEvents } from '../../src/decide/commit.js';
import { eventsOf, floorFromBits, floorsFromProbability } from '../../src/decide/floor.js';

/** Probabilities on a grid that hits the thresholds, and anything between. */
const probabilities = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 10 }).map((k) => k / 10),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    {
      maxLength: 200,
    },
  )
  .map((values) => Float64Array.from(values));
const grids = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 12 })
  .map((values) => values.sort((a, b) => a - b).map((k) => k / 100));

describe('floor tracks', () => {
  it('are the edges of the bits, from a floor of 0', () => {
    // bits   0 1 1 0 1        edges at 1 (rise), 3 (fall), 4 (rise)
    expect(floorFromBits(Uint8Array.of(0, 1, 1, 0, 1))).toEqual({ steps: 5, edges: Int32Array.of(1, 3, 4) });
    expect(floorFromBits(Uint8Array.of(1))).toEqual({ steps: 1, edges: Int32Array.of(0) });
    expect(floorFromBits(new Uint8Array(0))).toEqual({ steps: 0, edges: new Int32Array(0) });
  });

  it('give events at the end of the step: a rise interrupts, a fall ends the turn', () => {
    expect(eventsOf(floorFromBits(Uint8Array.of(0, 1, 1, 0, 1)))).toEqual({ int: [0.04, 0.1], eot: [0.08] });
  });

  it('hold the floor strictly above the threshold', () => {
    const [low, high] = floorsFromProbability(Float64Array.of(0.5, 0.6, 0.5), [0.4, 0.5]);
    expect(low?.edges).toEqual(Int32Array.of(0));
    expect(high?.edges).toEqual(Int32Array.of(1, 2));
  });

  it('for many thresholds at once equal thresholding each separately', () => {
    fc.assert(
      fc.property(probabilities, grids, (pFloor, thresholds) => {
        const separate = thresholds.map((threshold) =>
          floorFromBits(Uint8Array.from(pFloor, (p) => (p > threshold ? 1 : 0))),
        );
        expect(floorsFromProbability(pFloor, thresholds)).toEqual(separate);
      }),
    );
  });

  it('give strictly increasing times', () => {
    fc.assert(
      fc.property(probabilities, (pFloor) => {
        const { eot, int } = eventsOf(floorsFromProbability(pFloor, [0.5])[0]!);
        for (const times of [eot, int]) expect(times.every((t, i) => i === 0 || t > times[i - 1]!)).toBe(true);
      }),
    );
  });

  it('want ascending thresholds', () => {
    expect(() => floorsFromProbability(new Float64Array(1), [0.5, 0.5])).toThrow('not ascending');
  });
});

describe('the commit rule', () => {
  it('suppresses a rise within the refractory time, without extending it', () => {
    // 10 Hz, 0.3 s: three frames. Rises at 0, 2 (suppressed), 4 (four frames after the committed one).
    expect(commitEvents([0.9, 0, 0.9, 0, 0.9], 10, 0.5, 0.3)).toEqual([0.1, 0.5]);
  });

  it('does not fire again while the probability stays above', () => {
    expect(commitEvents([0, 1, 1, 1, 1, 1], 10, 0.5, 0)).toEqual([0.2]);
  });

  it('is the rise of the floor when there is no refractory time, at 50 Hz', () => {
    fc.assert(
      fc.property(probabilities, (prob) => {
        const [floor] = floorsFromProbability(prob, [0.5]);
        expect(commitEvents(prob, 50, 0.5, 0)).toEqual(eventsOf(floor!).int);
      }),
    );
  });

  it('for many thresholds at once equals committing each separately', () => {
    fc.assert(
      fc.property(probabilities, grids, fc.integer({ min: 0, max: 8 }), (prob, thresholds, frames) => {
        const separate = thresholds.map((threshold) => commitLiterally(prob, 25, threshold, Math.max(1, frames)));
        expect(commitAtThresholds(prob, 25, thresholds, frames / 25)).toEqual(separate);
      }),
    );
  });
});

/** The rule word by word, one threshold. */
function commitLiterally(prob: Float64Array, frameRateHz: number, threshold: number, refractory: number): number[] {
  const committed: number[] = [];
  prob.forEach((p, i) => {
    const rises = p > threshold && !(i > 0 && prob[i - 1]! > threshold);
    const last = committed.at(-1);
    if (rises && (last === undefined || i - last >= refractory)) committed.push(i);
  });
  return committed.map((i) => (i + 1) / frameRateHz);
}
