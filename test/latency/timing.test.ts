import { describe, expect, it } from 'vitest';
import { timingOf } from '../../src/latency/timing.js';

const part = { kind: 'inference', name: 'one chunk', audioS: 0.032 } as const;

describe('a timing', () => {
  it('has percentiles by linear interpolation, mean, throughput and real-time factor', () => {
    // 1, 2 … 11 ms: rank 5 is the median, rank 9 the ninetieth percentile.
    const ms = [6, 1, 11, 2, 10, 3, 9, 4, 8, 5, 7];
    const timing = timingOf({ ...part, runsOn: { provider: 'cpu', threads: 2 } }, { ms, runsPerSample: 1 });
    expect(timing).toMatchObject({ provider: 'cpu', threads: 2, samples: 11, p50_ms: 6, p90_ms: 10, mean_ms: 6 });
    expect(timing.p99_ms).toBeCloseTo(10.9, 9);
    expect(timing.throughput_per_s).toBeCloseTo(1000 / 6, 9);
    expect(timing.rtf).toBeCloseTo(0.006 / 0.032, 9);
  });

  it('has no real-time factor where runs do not follow one another in time', () => {
    const evaluation = { kind: 'end-to-end', name: 'one evaluation' } as const;
    expect(timingOf(evaluation, { ms: [30], runsPerSample: 1 })).toMatchObject({ rtf: null, audio_s: null });
  });

  it('runs in JavaScript unless it says otherwise, or says that nobody knows', () => {
    expect(timingOf(part, { ms: [1], runsPerSample: 1 })).toMatchObject({ provider: 'javascript', threads: 1 });
    const unknown = timingOf({ ...part, runsOn: null }, { ms: [1], runsPerSample: 1 });
    expect(unknown).toMatchObject({ provider: null, threads: null });
  });

  it('has no throughput when the clock saw no time pass', () => {
    expect(timingOf(part, { ms: [0, 0], runsPerSample: 1 })).toMatchObject({ throughput_per_s: null, mean_ms: 0 });
  });
});
