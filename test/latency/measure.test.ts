import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { type MeasureOptions, measure } from '../../src/latency/measure.js';
import { FakeClock } from '../helpers/clock.js';

function settings(clock: FakeClock, rest: Partial<MeasureOptions> = {}): MeasureOptions {
  return { warmup: 3, runs: 5, nowMs: clock.now, ...rest };
}

describe('measuring', () => {
  it('gives one sample per timed run, after the untimed ones', async () => {
    const clock = new FakeClock();
    // Slow while cold: three runs and 50 ms are over after the third.
    const costsMs = [900, 40, 30, /* attempts to find the batch size */ 2, 2, 2, 10, 20, 30, 40, 50];
    const run = () => {
      clock.ms += costsMs.shift()!;
    };
    const { ms, runsPerSample } = await measure({ name: 'x', run }, settings(clock));
    expect({ ms, runsPerSample }).toEqual({ ms: [10, 20, 30, 40, 50], runsPerSample: 1 });
    expect(costsMs).toEqual([]);
  });

  it('goes on warming up until 50 ms have passed', async () => {
    const clock = new FakeClock();
    let runs = 0;
    const run = () => {
      runs++;
      clock.ms += 1;
    };
    await measure({ name: 'x', run, prepare: () => undefined }, settings(clock));
    expect(runs).toBe(50 + 5);
  });

  it('waits for a promise, and counts the waiting', async () => {
    const clock = new FakeClock();
    const run = async () => {
      await null;
      clock.ms += 7;
    };
    expect((await measure({ name: 'x', run }, settings(clock))).ms).toEqual([7, 7, 7, 7, 7]);
  });

  it('times so many short runs together that a sample lasts 0.1 ms, and says how many', async () => {
    const clock = new FakeClock();
    const run = () => {
      clock.ms += 1 / 1024;
    };
    expect(await measure({ name: 'x', run }, settings(clock))).toEqual({
      ms: Array.from({ length: 5 }, () => 1 / 1024),
      runsPerSample: 128,
    });
  });

  it('does not time what prepares a run, and then times every run by itself', async () => {
    const clock = new FakeClock();
    const steps: string[] = [];
    const prepare = () => {
      steps.push('prepare');
      clock.ms += 1000;
    };
    const run = () => {
      steps.push('run');
      clock.ms += 0.001;
    };
    const { ms, runsPerSample } = await measure({ name: 'x', prepare, run }, settings(clock, { warmup: 1, runs: 2 }));
    expect(runsPerSample).toBe(1);
    for (const sample of ms) expect(sample).toBeCloseTo(0.001, 9);
    expect(steps).toEqual(['prepare', 'run', 'prepare', 'run', 'prepare', 'run']);
  });

  it('lets somebody look at the machine ten times in between', async () => {
    const clock = new FakeClock();
    let looks = 0;
    const between = () => {
      looks++;
      clock.ms += 500;
    };
    const run = () => {
      clock.ms += 1;
    };
    const { ms } = await measure({ name: 'x', run }, settings(clock, { runs: 100, between }));
    expect(looks).toBe(10);
    expect(ms).toEqual(Array.from({ length: 100 }, () => 1));
  });

  it('ends although the clock stands still', async () => {
    const { ms } = await measure({ name: 'x', run: () => 0, prepare: () => undefined }, settings(new FakeClock()));
    expect(ms).toEqual([0, 0, 0, 0, 0]);
  });

  it('names the part that failed', async () => {
    const run = () => {
      throw new RangeError('no such row');
    };
    const failure = measure({ name: 'one chunk', run }, settings(new FakeClock()));
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow('one chunk failed: no such row');
  });
});
