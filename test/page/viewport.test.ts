import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { around, clock, moved, tickStepS, wholeOf, zoomed } from '../../src/page/viewport.js';

const times = fc.double({ min: 0, max: 1, noNaN: true });

describe('the part of a conversation that is seen', () => {
  it('keeps its place under the pointer while it is zoomed, unless it would leave the conversation', () => {
    const view = around(wholeOf(600), 300, 60);
    const closer = zoomed(view, 0.5, 310);
    expect(closer.endS - closer.startS).toBeCloseTo(30);
    expect((310 - closer.startS) / 30).toBeCloseTo((310 - view.startS) / 60);
  });

  it('never leaves the conversation, whatever is done', () => {
    const action = fc.oneof(
      fc.record({ zoom: fc.double({ min: 0.01, max: 100, noNaN: true }), at: times }),
      fc.record({ move: fc.double({ min: -1000, max: 1000, noNaN: true }) }),
    );
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 5000, noNaN: true }),
        fc.array(action, { maxLength: 20 }),
        (length, list) => {
          let view = wholeOf(length);
          for (const step of list) {
            view =
              'move' in step
                ? moved(view, step.move)
                : zoomed(view, step.zoom, view.startS + step.at * (view.endS - view.startS));
            expect(view.startS).toBeGreaterThanOrEqual(0);
            expect(view.endS).toBeLessThanOrEqual(length + 1e-9);
            expect(view.endS - view.startS).toBeGreaterThanOrEqual(Math.min(0.5, length) - 1e-9);
          }
        },
      ),
    );
  });

  it('is marked in steps that people count in, and not too many of them', () => {
    expect(tickStepS(60, 12)).toBe(5);
    expect(tickStepS(720, 12)).toBe(60);
    expect(tickStepS(1, 10)).toBe(0.1);
  });

  it('writes times as clocks do, rounded as a whole', () => {
    expect(clock(83.4)).toBe('1:23');
    expect(clock(59.996, 0.01)).toBe('1:00.00');
    expect(clock(5, 0.1)).toBe('0:05.0');
    expect(clock(725.25, 0.01)).toBe('12:05.25');
  });
});
