import { describe, expect, it } from 'vitest';
import { NoiseProbe, noiseWarnings } from '../../src/latency/noise.js';

/** A probe whose computation seemingly takes these times, ms. */
function probed(durationsMs: readonly number[]): NoiseProbe {
  let ms = 0;
  const left = durationsMs.flatMap((duration) => [0, duration]);
  const probe = new NoiseProbe(() => {
    ms += left.shift()!;
    return ms;
  });
  for (const _ of durationsMs) probe.take();
  return probe;
}

const quiet = { loadAverage: 0.1, cores: 4 };

describe('the noise of a machine', () => {
  it('is the spread of a computation that is always the same', () => {
    expect(probed([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]).spread).toBe(1);
    // Every fourth run was interrupted for 2 ms: p90 is 3, p50 is 1.
    expect(probed([1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 3]).spread).toBe(3);
  });

  it('is nothing to speak of when nothing was measured', () => {
    expect(probed([])).toMatchObject({ spread: 1, samples: 0 });
    expect(probed([0, 0]).spread).toBe(1);
  });

  it('is warned of above a quarter', () => {
    expect(noiseWarnings(quiet, 1.25)).toEqual([]);
    expect(noiseWarnings(quiet, 1.26)).toEqual([expect.stringContaining('1.3 times as long at p90 as at p50')]);
  });

  it('is warned of when others keep more than half of the cores busy', () => {
    expect(noiseWarnings({ loadAverage: 2, cores: 4 })).toEqual([]);
    expect(noiseWarnings({ loadAverage: 2.1, cores: 4 })).toEqual([expect.stringContaining('2.1 of 4 cores busy')]);
    expect(noiseWarnings({ loadAverage: null, cores: 4 })).toEqual([]);
  });
});
