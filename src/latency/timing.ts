import type { ComponentRuntime } from '../core/model.js';
import type { BenchKind, ComponentTiming } from '../result/bench-schema.js';
import { percentile, sortNumbers } from '../stats/percentile.js';
import type { Samples } from './measure.js';

/** What was timed. */
export interface TimedPart {
  readonly kind: BenchKind;
  readonly name: string;
  readonly audioS?: number;
  /** Null = nobody said. Absent = JavaScript, one thread. */
  readonly runsOn?: ComponentRuntime | null;
}

export const JAVASCRIPT: ComponentRuntime = { provider: 'javascript', threads: 1 };

/** @param samples at least one. */
export function timingOf({ kind, name, audioS, runsOn = JAVASCRIPT }: TimedPart, samples: Samples): ComponentTiming {
  const sorted = sortNumbers(samples.ms);
  const meanMs = samples.ms.reduce((total, ms) => total + ms, 0) / samples.ms.length;
  return {
    kind,
    name,
    provider: runsOn?.provider ?? null,
    threads: runsOn?.threads ?? null,
    samples: samples.ms.length,
    runs_per_sample: samples.runsPerSample,
    p50_ms: percentile(sorted, 0.5)!,
    p90_ms: percentile(sorted, 0.9)!,
    p99_ms: percentile(sorted, 0.99)!,
    mean_ms: meanMs,
    throughput_per_s: meanMs === 0 ? null : 1000 / meanMs,
    audio_s: audioS ?? null,
    rtf: audioS === undefined ? null : meanMs / 1000 / audioS,
  };
}
