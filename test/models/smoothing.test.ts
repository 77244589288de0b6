import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Smoother } from '../../src/models/smoothing.js';

const values = fc.array(
  fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  { maxLength: 60 },
);
const length = fc.integer({ min: 1, max: 6 });
const THRESHOLDS = [0.05, 0.1, 0.15, 0.3, 0.5, 0.75, 0.9];

describe('Smoother', () => {
  it('is, at every threshold, the switch that waits for onset and release', () => {
    fc.assert(
      fc.property(values, length, length, (p, onset, release) => {
        const smoothed = smooth(p, onset, release);
        for (const threshold of THRESHOLDS) {
          const bits = smoothed.map((y) => y > threshold);
          expect(bits).toEqual(switchBits(p, threshold, onset, release));
        }
      }),
    );
  });

  it('is the sliding maximum when onsets need not last', () => {
    fc.assert(
      fc.property(values, length, (p, release) => {
        const slidingMax = p.map((_, i) => Math.max(...p.slice(Math.max(0, i - release + 1), i + 1)));
        expect(smooth(p, 1, release)).toEqual(slidingMax);
      }),
    );
  });

  it('lets every value through when nothing needs to last', () => {
    fc.assert(fc.property(values, (p) => void expect(smooth(p, 1, 1)).toEqual(p)));
  });

  it('releases only after the whole silence and takes only after the whole onset', () => {
    //                  click   speech            short pause   long pause
    const p = [0, 0.9, 0, 0.9, 0.9, 0.9, 0, 0.9, 0, 0, 0, 0];
    expect(smooth(p, 2, 3)).toEqual([0, 0, 0, 0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0, 0]);
  });

  it('forgets on reset', () => {
    const smoother = new Smoother(1, 5);
    push(smoother, 1);
    smoother.reset();
    expect(push(smoother, 0.25)).toBe(0.25);
  });
});

function smooth(p: readonly number[], onset: number, release: number): number[] {
  const smoother = new Smoother(onset, release);
  return p.map((value) => push(smoother, value));
}

/** The rule with two counters, as voice agents implement it. */
function switchBits(p: readonly number[], threshold: number, onset: number, release: number): boolean[] {
  let [on, above, below] = [false, 0, 0];
  return p.map((value) => {
    if (value > threshold) [above, below] = [above + 1, 0];
    else [above, below] = [0, below + 1];
    if (!on && above >= onset) on = true;
    if (on && below >= release) on = false;
    return on;
  });
}

function push(smoother: Smoother, value: number): number {
  const values = Float64Array.of(value);
  smoother.smooth(values, 0);
  return values[0]!;
}
