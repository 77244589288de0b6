import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepEndS } from '../../src/core/time.js';
import { LivePass } from '../../src/latency/live-pass.js';

function passOf(computesMs: readonly number[]): LivePass {
  const pass = new LivePass(computesMs.length);
  for (const ms of computesMs) pass.add(ms);
  return pass;
}

const leftMs = (pass: LivePass, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => Math.round(1000 * pass.leftS(step)));

describe('a live pass', () => {
  it('lets one slow step delay those after it, until they have caught up', () => {
    // heard    20  40  60  80  100 120 ms
    // takes     5  45   5   5    5   5
    // left     25  85  90  95  105 125
    const pass = passOf([5, 45, 5, 5, 5, 5]);
    expect(leftMs(pass, 6)).toEqual([25, 85, 90, 95, 105, 125]);
    // 85 > 60 and 90 > 80, but 95 ≤ 100.
    expect(pass.lateSteps).toBe(2);
    expect(pass.computeMs).toBe(70);
  });

  it('is not late with a step that takes just as long as the next one lasts', () => {
    const pass = passOf([20, 20, 20]);
    expect(leftMs(pass, 3)).toEqual([40, 60, 80]);
    expect(pass.lateSteps).toBe(0);
  });

  it('falls behind for good when every step takes longer than it lasts', () => {
    const pass = passOf(Array.from({ length: 100 }, () => 21));
    expect(leftMs(pass, 100).at(-1)).toBe(20 + 100 * 21);
    expect(pass.lateSteps).toBe(100);
  });

  it('leaves at the audio times, to the bit, when nothing takes any time', () => {
    const pass = passOf(Array.from({ length: 5000 }, () => 0));
    for (let step = 0; step < 5000; step++) expect(pass.leftS(step)).toBe(stepEndS(step));
  });

  it('never leaves before it was heard and computed, never in another order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (computes) => {
          const pass = passOf(computes);
          computes.forEach((computeMs, step) => {
            const left = pass.leftS(step);
            expect(left).toBeGreaterThanOrEqual(((step + 1) * 20 + computeMs) / 1000);
            if (step > 0) expect(left).toBeGreaterThanOrEqual(pass.leftS(step - 1));
          });
          if (Math.max(...computes) <= 20) expect(pass.lateSteps).toBe(0);
        },
      ),
    );
  });
});
