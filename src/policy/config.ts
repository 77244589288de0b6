/** What a policy sweep tries, and which silences it looks at. Defaults are those of the public protocol. */

import { UserError } from '../core/errors.js';

/** s. Durations and delays closer than this are equal. */
export const TOLERANCE_S = 1e-9;

export const MIN_HOLD_S = 0.2;
export const MAX_HOLD_S = 5;

/** 0.00 … 1.00. */
export const POLICY_THRESHOLDS: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 100);
/** 0.2 … 1.0 s. */
export const ACTION_DELAYS_S: readonly number[] = Array.from({ length: 9 }, (_, i) => (i + 2) / 10);
/** 1.0 … 3.5 s. */
export const TIMEOUTS_S: readonly number[] = Array.from({ length: 6 }, (_, i) => (i + 2) / 2);

export interface PolicyOptions {
  /** Score each silence once, after so much of it, s. Absent or null: at its first crossing. */
  readonly scorePointS?: number | null | undefined;
  /** In [0, 1]. */
  readonly thresholds?: readonly number[] | undefined;
  /** s. */
  readonly actionDelaysS?: readonly number[] | undefined;
  /** s. */
  readonly timeoutsS?: readonly number[] | undefined;
  /** Shortest and longest pause that counts, s. */
  readonly minHoldS?: number | undefined;
  readonly maxHoldS?: number | undefined;
}

export interface PolicyConfig {
  readonly scorePointS: number | null;
  /** Ascending, each once; so are the other two. */
  readonly thresholds: readonly number[];
  readonly actionDelaysS: readonly number[];
  readonly timeoutsS: readonly number[];
  /** The action delays that a model can keep: none before its score is there. */
  readonly modelDelaysS: readonly number[];
  readonly minHoldS: number;
  readonly maxHoldS: number;
}

/**
 * A default grid starts at the shortest pause; one that is asked for must not reach below it.
 * @throws UserError on limits or grids that make no sense.
 */
export function policyConfig(options: PolicyOptions = {}): PolicyConfig {
  const { scorePointS = null, minHoldS = MIN_HOLD_S, maxHoldS = MAX_HOLD_S } = options;
  if (!(minHoldS >= 0)) throw new UserError(`the shortest pause must be at least 0 s, not ${minHoldS}`);
  if (!(maxHoldS >= minHoldS)) {
    throw new UserError(`the longest pause (${maxHoldS} s) must not be shorter than the shortest one (${minHoldS} s)`);
  }
  if (scorePointS !== null && !(scorePointS >= 0 && Number.isFinite(scorePointS))) {
    throw new UserError(`the score point must be a time of at least 0 s, not ${scorePointS}`);
  }
  const thresholds = grid('thresholds', options.thresholds ?? POLICY_THRESHOLDS, 1);
  const delays = (name: string, asked: readonly number[] | undefined, usual: readonly number[]) =>
    asked ? delayGrid(name, asked, minHoldS) : usual.filter((delayS) => delayS >= minHoldS - TOLERANCE_S);
  const actionDelaysS = delays('action delays', options.actionDelaysS, ACTION_DELAYS_S);
  const timeoutsS = delays('timeouts', options.timeoutsS, TIMEOUTS_S);
  if (actionDelaysS.length === 0 || timeoutsS.length === 0) {
    throw new UserError(`no usual delay or timeout is as long as the shortest pause of ${minHoldS} s`, {
      hint: 'name action delays and timeouts',
    });
  }
  const modelDelaysS =
    scorePointS === null ? actionDelaysS : actionDelaysS.filter((delayS) => delayS >= scorePointS - TOLERANCE_S);
  if (modelDelaysS.length === 0) {
    throw new UserError(`no action delay is at or above the score point of ${scorePointS} s`, {
      hint: `the action delays are ${actionDelaysS.join(', ')}`,
    });
  }
  return { scorePointS, thresholds, actionDelaysS, timeoutsS, modelDelaysS, minHoldS, maxHoldS };
}

function delayGrid(name: string, values: readonly number[], minHoldS: number): readonly number[] {
  const delays = grid(name, values, Number.MAX_VALUE);
  if (delays[0]! >= minHoldS - TOLERANCE_S) return delays;
  throw new UserError(`the ${name} begin at ${delays[0]} s, below the shortest pause of ${minHoldS} s`, {
    hint: 'a policy that acts earlier would be judged on pauses that are not there',
  });
}

function grid(name: string, values: readonly number[], highest: number): readonly number[] {
  const wrong = values.find((value) => !(value >= 0 && value <= highest));
  if (wrong !== undefined) throw new UserError(`the ${name} have a value that makes no sense: ${wrong}`);
  if (values.length === 0) throw new UserError(`there are no ${name}`);
  return [...new Set(values)].sort((a, b) => a - b);
}
