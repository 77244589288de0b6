/**
 * Is the machine quiet enough for its times to mean something? Two signs, because each misses something.
 *
 * A probe, the same computation every time, is repeated between the measurements. It touches no memory and depends on
 * no input, so whatever its times differ by is the machine: other programs on this core, a changing clock, a virtual
 * machine that is not always there. Its p90 / p50 on a machine with two cores was 1.06 while one of them was free, and
 * 2.5 to 9 while none was. Above 1.25, percentiles say more about the neighbours than about the model.
 *
 * The probe does not notice who takes only caches, memory bandwidth or the other half of a core. The load average of
 * the minute before does: with more than half of the cores busy, some core was shared.
 */

import { availableParallelism, loadavg, platform } from 'node:os';
import { percentile, sortNumbers } from '../stats/percentile.js';

export const QUIET_SPREAD = 1.25;

/** About 1 ms: long enough to be interrupted where interruptions are frequent. */
const PROBE_ROUNDS = 2 ** 20;

export interface Load {
  /** Programs that wanted to run, on average over the last minute; null where the system does not say. */
  readonly loadAverage: number | null;
  readonly cores: number;
}

export class NoiseProbe {
  readonly #nowMs: () => number;
  readonly #ms: number[] = [];
  /** Read by nobody: without it the computation could be left out. */
  #result = 0;

  /** @param nowMs ms, from any origin. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    // Compiled before it counts.
    for (let i = 0; i < 5; i++) this.#result = compute(this.#result);
  }

  take(): void {
    const startMs = this.#nowMs();
    this.#result = compute(this.#result);
    this.#ms.push(this.#nowMs() - startMs);
  }

  get samples(): number {
    return this.#ms.length;
  }

  /** p90 / p50; 1 when nothing was taken or the clock saw no time pass. */
  get spread(): number {
    const sorted = sortNumbers(this.#ms);
    const p50 = percentile(sorted, 0.5) ?? 0;
    return p50 === 0 ? 1 : percentile(sorted, 0.9)! / p50;
  }
}

/** Of this machine, now: to be asked before the work begins, which is load itself. */
export function currentLoad(): Load {
  const [minute = 0] = loadavg();
  // Windows has no load average: Node answers 0.
  return { loadAverage: platform() === 'win32' ? null : minute, cores: availableParallelism() };
}

/** One sentence each; none when the machine was quiet. */
export function noiseWarnings(load: Load, spread = 1): string[] {
  const warnings: string[] = [];
  const { loadAverage, cores } = load;
  if (loadAverage !== null && loadAverage > cores / 2) {
    const busy = `other programs kept ${loadAverage.toFixed(1)} of ${cores} cores busy before the start`;
    warnings.push(`${busy}: times may be too long; run on an idle machine to compare them`);
  }
  if (spread > QUIET_SPREAD) {
    const slower = `the same computation, repeated in between, took ${spread.toFixed(1)} times as long at p90 as at p50`;
    warnings.push(`the machine was noisy: ${slower}; p90 and p99 are those of the machine`);
  }
  return warnings;
}

function compute(seed: number): number {
  let state = seed | 1;
  for (let i = 0; i < PROBE_ROUNDS; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}
