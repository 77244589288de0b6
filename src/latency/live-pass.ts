/**
 * When the decisions of a pass would leave a system that runs live on this machine. A step can begin when its audio
 * has been heard and the step before it is done; its decision leaves when it is done.
 *
 *   audio      |--0--|--1--|--2--|--3--|--4--|--5--|          20 ms each
 *   compute           0     1 1 1 1 1 2 3 4     5             step 1 takes 45 ms, the others 5 ms
 *   left             25              85 90 95 105   125 ms
 *
 * Step 2 was heard at 60 ms, but had to wait for step 1. A step is late when its decision leaves after the next step
 * has been heard: here 1 and 2 (90 > 80), not 3 (95 ≤ 100).
 *
 * Milliseconds of whole steps are whole numbers, so a model that takes no time leaves at the audio times to the bit.
 */

import { STEPS_PER_SECOND } from '../core/time.js';
import { LogHistogram } from '../stats/log-histogram.js';

const STEP_MS = 1000 / STEPS_PER_SECOND;

export class LivePass {
  /** Compute times of single steps, ms. */
  readonly stepMs = new LogHistogram();
  readonly #leftMs: Float64Array;
  #steps = 0;
  #lateSteps = 0;
  #computeMs = 0;

  /** @param steps of the pass. Keeps 8 bytes for each. */
  constructor(steps: number) {
    this.#leftMs = new Float64Array(steps);
  }

  /** The next step took so long, ms. */
  add(computeMs: number): void {
    const step = this.#steps++;
    const heardMs = (step + 1) * STEP_MS;
    const leftMs = Math.max(heardMs, this.#leftMs[step - 1] ?? 0) + computeMs;
    this.#leftMs[step] = leftMs;
    if (leftMs > heardMs + STEP_MS) this.#lateSteps++;
    this.#computeMs += computeMs;
    this.stepMs.add(computeMs);
  }

  /** When the decision of a step left, s on the clock of the audio. */
  leftS(step: number): number {
    return this.#leftMs[step]! / 1000;
  }

  get lateSteps(): number {
    return this.#lateSteps;
  }

  get computeMs(): number {
    return this.#computeMs;
  }
}
