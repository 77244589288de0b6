/**
 * Timing something that can be repeated. One sample per timed run; where a run is too short for the clock, a sample is
 * the mean of so many runs that it lasts long enough, which the result says.
 */

import type { Awaitable } from '../core/awaitable.js';
import { messageOf, UserError } from '../core/errors.js';
import { isPromise } from '../stream/deadline.js';

/** Something to be timed. */
export interface Timed {
  /** How to call it in messages. */
  readonly name: string;
  /** Before every run, not timed. With it every run is timed by itself. */
  prepare?(): Awaitable<void>;
  /** A promise is awaited, and the waiting is timed. */
  run(): unknown;
}

export interface MeasureOptions {
  /** Untimed runs before the first timed one, at least 1; more where so many take less than 50 ms. */
  readonly warmup: number;
  /** Timed samples. */
  readonly runs: number;
  /** ms, from any origin. */
  nowMs(): number;
  /** Called ten times in the course of the samples, between two of them. */
  between?(): void;
}

export interface Samples {
  readonly ms: readonly number[];
  readonly runsPerSample: number;
}

/** By then hot code has been compiled, and memory touched. */
const WARM_AFTER_MS = 50;
/** Of a clock that stands still. */
const MOST_WARMUP_RUNS = 10_000;

/** A sample of this length is timed to 0.1 %: reading the clock twice costs less than 100 ns. */
const SHORTEST_SAMPLE_MS = 0.1;
/** Enough for runs of 25 ns; and the end of the search for a clock that stands still. */
const MOST_RUNS_PER_SAMPLE = 4096;

/** @throws UserError naming what failed, when it throws. */
export async function measure(timed: Timed, options: MeasureOptions): Promise<Samples> {
  const { warmup, runs, nowMs } = options;
  const sample = async (count: number): Promise<number> => {
    await timed.prepare?.();
    const startMs = nowMs();
    for (let i = 0; i < count; i++) {
      const result = timed.run();
      if (isPromise(result)) await result;
    }
    return nowMs() - startMs;
  };
  try {
    const startMs = nowMs();
    const isCold = (i: number) => i < MOST_WARMUP_RUNS && nowMs() - startMs < WARM_AFTER_MS;
    for (let i = 0; i < warmup || isCold(i); i++) await sample(1);
    const runsPerSample = timed.prepare ? 1 : await enoughRuns(sample);
    const ms: number[] = [];
    const pause = Math.ceil(runs / 10);
    while (ms.length < runs) {
      ms.push((await sample(runsPerSample)) / runsPerSample);
      if (ms.length % pause === 0) options.between?.();
    }
    return { ms, runsPerSample };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${timed.name} failed: ${messageOf(error)}`, { cause: error });
  }
}

/** Doubled until a sample lasts long enough; the shortest of three attempts counts, as one may have been interrupted. */
async function enoughRuns(sample: (count: number) => Promise<number>): Promise<number> {
  let count = 1;
  for (; count < MOST_RUNS_PER_SAMPLE; count *= 2) {
    const attempts = [await sample(count), await sample(count), await sample(count)];
    if (Math.min(...attempts) >= SHORTEST_SAMPLE_MS) break;
  }
  return count;
}
