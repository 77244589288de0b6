/**
 * The policy sweep (eot-bench policy specification, "Policy" and "Order"). A policy waits for the score to cross a
 * threshold, acts no earlier than its action delay, and in any case at its timeout:
 *
 *   user   …speech|            silence             |speech…      a pause: acting before its end cuts the user off
 *                 |--delay--|
 *                 |----fires at f----|a = max(delay, f)
 *                 |------------timeout------------|
 *
 * A threshold is looked up once per silence, a delay and a timeout in a column of numbers.
 */

import { upperBound } from '../core/search.js';
import { pairwiseMean } from '../stats/pairwise-sum.js';
import { type PolicyConfig, TOLERANCE_S } from './config.js';
import type { PolicySpan } from './span-table.js';

export interface PolicyRow {
  /** `vad` = the baseline that acts after so much silence, whatever it hears. */
  readonly policy: 'model' | 'vad';
  /** Null for the baseline. */
  readonly threshold: number | null;
  /** s. */
  readonly actionDelayS: number;
  /** s. */
  readonly timeoutS: number;
  /** Pauses in which the policy acted before the user went on. */
  readonly cutOffs: number;
  /** Ends of turn at which the model fired by the timeout. */
  readonly detected: number;
  readonly cutoffRate: number;
  /** Silence until the policy acted at ends of turn, s; without inference time. */
  readonly meanLatencyS: number;
  readonly timeoutRate: number;
  readonly detectRate: number;
  readonly f1: number;
}

/**
 * Every combination and the baseline, best first: see `compareRows`.
 * @param spans with at least one pause and one end of turn.
 */
export function policySweep(spans: readonly PolicySpan[], config: PolicyConfig): PolicyRow[] {
  const delaysS = [...new Set([...config.actionDelaysS, ...config.timeoutsS])];
  const rows = [...modelRows(spans, config), ...vadRows(spans, delaysS)];
  return rows.sort(compareRows);
}

/** One row per delay, in their order. */
export function vadRows(spans: readonly PolicySpan[], delaysS: readonly number[]): PolicyRow[] {
  const durationsS = durationsOf(spans);
  const ends = spans.length - durationsS.length;
  return delaysS.map((delayS) => {
    const cutOffs = durationsS.length - countUpTo(durationsS, delayS);
    return rowOf({
      ...{ policy: 'vad', threshold: null, actionDelayS: delayS, timeoutS: delayS, cutOffs },
      ...{ detected: ends, meanLatencyS: delayS, holds: durationsS.length, ends },
    });
  });
}

/** When a policy acts in one silence, s: with its delay and the score, or at its timeout. */
export function actsAtS({ climbs }: PolicySpan, { threshold, actionDelayS, timeoutS }: PolicyRow): number {
  const fired = threshold === null ? undefined : climbs.find(({ pEot }) => pEot > threshold);
  const actsS = fired ? Math.max(actionDelayS, fired.silenceS) : Number.POSITIVE_INFINITY;
  return actsS <= timeoutS + TOLERANCE_S ? actsS : timeoutS;
}

/** Model before baseline; then what is lower in cut-offs, latency, timeouts, timeout, delay, threshold. */
function compareRows(a: PolicyRow, b: PolicyRow): number {
  return (
    (a.policy === b.policy ? 0 : a.policy === 'model' ? -1 : 1) ||
    a.cutoffRate - b.cutoffRate ||
    a.meanLatencyS - b.meanLatencyS ||
    a.timeoutRate - b.timeoutRate ||
    a.timeoutS - b.timeoutS ||
    a.actionDelayS - b.actionDelayS ||
    (a.threshold ?? 0) - (b.threshold ?? 0)
  );
}

function modelRows(spans: readonly PolicySpan[], config: PolicyConfig): PolicyRow[] {
  // Pauses by length, so that those longer than a timeout are a range; ends in their order, which the sum depends on.
  const holds = spans.filter(({ label }) => label === 'hold').sort((a, b) => a.durationS - b.durationS);
  const eots = spans.filter(({ label }) => label === 'eot');
  const durationsS = Float64Array.from(holds, ({ durationS }) => durationS);
  const [holdFires, eotFires] = [new FireTimes(holds), new FireTimes(eots)];
  const actsS = new Float64Array(eots.length);
  const latenciesS = new Float64Array(eots.length);
  /** How many of the first so many pauses were cut off by the model itself. */
  const cutUpTo = new Uint32Array(holds.length + 1);
  const rows: PolicyRow[] = [];

  for (const threshold of config.thresholds) {
    const holdFiresS = holdFires.above(threshold);
    const eotFiresS = eotFires.above(threshold);
    for (const actionDelayS of config.modelDelaysS) {
      for (let i = 0; i < holds.length; i++) {
        const actS = later(actionDelayS, holdFiresS[i]!);
        cutUpTo[i + 1] = cutUpTo[i]! + (durationsS[i]! > actS + TOLERANCE_S ? 1 : 0);
      }
      for (let i = 0; i < eots.length; i++) actsS[i] = later(actionDelayS, eotFiresS[i]!);
      for (const timeoutS of config.timeoutsS) {
        if (timeoutS + TOLERANCE_S < actionDelayS) continue;
        const within = countUpTo(durationsS, timeoutS);
        const cutOffs = holds.length - within + cutUpTo[within]!;
        const detected = clip(actsS, timeoutS, latenciesS);
        const meanLatencyS = pairwiseMean(latenciesS)!;
        const counts = { cutOffs, detected, meanLatencyS, holds: holds.length, ends: eots.length };
        rows.push(rowOf({ policy: 'model', threshold, actionDelayS, timeoutS, ...counts }));
      }
    }
  }
  return rows;
}

/** Where actions come after the timeout the timeout stands. @returns how many come in time. */
function clip(actsS: Float64Array, timeoutS: number, into: Float64Array): number {
  const limitS = timeoutS + TOLERANCE_S;
  let inTime = 0;
  for (let i = 0; i < actsS.length; i++) {
    const actS = actsS[i]!;
    if (actS <= limitS) {
      into[i] = actS;
      inTime++;
    } else into[i] = timeoutS;
  }
  return inTime;
}

function later(a: number, b: number): number {
  return a > b ? a : b;
}

/**
 * When each silence first crosses a threshold, s; +∞ when it never does. Thresholds must ascend from call to call: then
 * every climb is passed once, and a silence is touched only when it is.
 */
class FireTimes {
  /** Scores by which a silence is first above a threshold, ascending. */
  readonly #scores: Float64Array;
  /** Whose score that is, and when its next climb comes. */
  readonly #owners: Uint32Array;
  readonly #thenS: Float64Array;
  readonly #firesS: Float64Array;
  #passed = 0;

  constructor(spans: readonly PolicySpan[]) {
    const climbs = spans.flatMap((span, owner) =>
      span.climbs.map(({ pEot }, i) => ({ pEot, owner, thenS: span.climbs[i + 1]?.silenceS ?? NEVER_S })),
    );
    climbs.sort((a, b) => a.pEot - b.pEot);
    this.#scores = Float64Array.from(climbs, ({ pEot }) => pEot);
    this.#owners = Uint32Array.from(climbs, ({ owner }) => owner);
    this.#thenS = Float64Array.from(climbs, ({ thenS }) => thenS);
    this.#firesS = Float64Array.from(spans, (span) => span.climbs[0]?.silenceS ?? NEVER_S);
  }

  above(threshold: number): Float64Array {
    for (; this.#passed < this.#scores.length && !(this.#scores[this.#passed]! > threshold); this.#passed++) {
      this.#firesS[this.#owners[this.#passed]!] = this.#thenS[this.#passed]!;
    }
    return this.#firesS;
  }
}

const NEVER_S = Number.POSITIVE_INFINITY;

interface Counted {
  readonly policy: PolicyRow['policy'];
  readonly threshold: number | null;
  readonly actionDelayS: number;
  readonly timeoutS: number;
  readonly cutOffs: number;
  readonly detected: number;
  readonly meanLatencyS: number;
  readonly holds: number;
  readonly ends: number;
}

function rowOf({ holds, ends, ...row }: Counted): PolicyRow {
  const { cutOffs, detected } = row;
  return {
    ...row,
    cutoffRate: cutOffs / holds,
    timeoutRate: (ends - detected) / ends,
    detectRate: detected / ends,
    f1: f1Of(detected, cutOffs, ends - detected),
  };
}

/** 0 when undefined. Through precision and recall, as the public rule rounds. */
function f1Of(tp: number, fp: number, fn: number): number {
  if (tp === 0) return 0;
  const precision = tp / (tp + fp);
  const recall = tp / (tp + fn);
  return (2 * precision * recall) / (precision + recall);
}

/** Of the pauses, ascending, s. */
function durationsOf(spans: readonly PolicySpan[]): Float64Array {
  return Float64Array.from(spans.flatMap(({ label, durationS }) => (label === 'hold' ? [durationS] : []))).sort();
}

/** How many are not longer than this. */
function countUpTo(ascendingS: Float64Array, limitS: number): number {
  return upperBound(ascendingS, limitS + TOLERANCE_S);
}
