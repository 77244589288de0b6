import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel } from '../../src/core/model.js';
import { traced } from '../../src/stream/trace.js';

const step = (value: number) => new Float32Array(160).fill(value);

describe('traced', () => {
  it('keeps what both passes heard and the classes behind every answer', () => {
    // Two classes; the answer changes on every second step and is held in between.
    let steps = 0;
    let held = { pFloor: 0 } as { pFloor: number; classes?: number[] };
    const model: DiscriminativeModel = {
      inputSampleRate: 8000,
      classes: ['user', 'system'],
      reset() {},
      step: () => 0,
      stepBoth() {
        if (++steps % 2 === 0) held = { pFloor: steps / 8, classes: [steps / 8, 0.5] };
        return [held, { pFloor: 0, classes: [0.25, 0.75] }];
      },
    };
    const subject = traced(model);
    subject.reset();
    const buffer = step(0);
    for (const value of [1, 2, 3, 4]) subject.stepBoth!(buffer.fill(value), step(-value));
    const [first, second, ...more] = subject.takeTraces();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ sampleRateHz: 8000, classes: ['user', 'system'] });
    expect([...first!.probabilities]).toEqual([0, 0, 0.25, 0.5, 0.25, 0.5, 0.5, 0.5]);
    expect([...second!.probabilities]).toEqual([0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75]);
    expect([...first!.pFloor]).toEqual([0, 0.25, 0.25, 0.5]);
    expect(first!.subject).toHaveLength(4 * 160);
    expect([first!.subject[0], first!.subject[160], first!.other[0]]).toEqual([1, 2, -1]);
    expect(second!.subject).toEqual(first!.other);
    expect(subject.takeTraces()).toEqual([]);
  });

  it('keeps one pass after the other, of answers that take time and of plain bits', async () => {
    const answers = [1, Promise.resolve({ pFloor: 0.5 } as const), [1, 0], 0] as const;
    let at = 0;
    const subject = traced({ inputSampleRate: 8000, reset() {}, step: () => answers[at++ % 4]! });
    for (const _ of [1, 2]) {
      await subject.reset();
      for (let i = 0; i < 2; i++) await subject.step(step(0.5), step(0));
    }
    const traces = subject.takeTraces();
    expect(traces.map(({ probabilities }) => [...probabilities])).toEqual([
      [1, 0.5],
      [1, 0],
    ]);
    expect(traces[0]!.classes).toEqual(['floor']);
  });

  it('serves models that are classes with private fields, and leaves wrong answers to those who check them', () => {
    class Own {
      readonly inputSampleRate = 8000;
      #open = true;
      reset() {}
      step() {
        return (this.#open ? null : 2) as unknown as 0;
      }
      close() {
        this.#open = false;
      }
    }
    const subject = traced(new Own());
    expect(subject.step(step(0), step(0))).toBeNull();
    subject.close?.();
    expect(subject.step(step(0), step(0))).toBe(2);
    expect([...subject.takeTraces()[0]!.probabilities]).toEqual([0, 2]);
  });

  it('changes no answer: what was a promise stays one, what was not stays none', () => {
    const promise = Promise.resolve(1 as const);
    const later = traced({ inputSampleRate: 8000, reset() {}, step: () => promise });
    expect(later.step(step(0), step(0))).toBeInstanceOf(Promise);
    expect(later.stepBoth).toBeUndefined();
    const now = traced({ inputSampleRate: 8000, reset() {}, step: () => 1 });
    expect(now.step(step(0), step(0))).toBe(1);
  });
});
