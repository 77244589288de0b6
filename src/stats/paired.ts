/**
 * Comparing two runs on the conversations that both have. Both are computed on the same resamples and subtracted there,
 * so that what makes a conversation hard for both cancels out.
 */

import {
  bootstrapInterval,
  type ConfidenceInterval,
  estimate,
  type IntervalMethod,
  type Resamples,
} from './bootstrap.js';
import { differenceOf, type Statistic } from './statistic.js';

/** Which of two values is the better one. */
export type Direction = 'higher' | 'lower';

export type Verdict = 'better' | 'worse' | 'no evidence';

/**
 * With fewer conversations there is no verdict: where nothing is different, the chance that five differences all point
 * the same way is 2 / 2⁵, more than 5 %.
 */
export const MIN_CONVERSATIONS_FOR_VERDICT = 6;

export interface PairedDifference {
  /** Candidate minus reference; undefined where one of them is not defined. */
  readonly estimate: number | undefined;
  /** 95 %; undefined where there is nothing to resample. */
  readonly interval: ConfidenceInterval | undefined;
  /** Of the candidate: whether the interval excludes 0, and on which side. */
  readonly verdict: Verdict;
}

/**
 * @param resamples of the conversations that both runs have.
 * @param reference, candidate the same statistic of both runs, over these conversations in one order.
 */
export function pairedDifference(
  resamples: Resamples,
  reference: Statistic,
  candidate: Statistic,
  better: Direction,
  method: IntervalMethod = 'expanded',
): PairedDifference {
  const difference = differenceOf(reference, candidate);
  const interval = bootstrapInterval(resamples, difference, method);
  const enough = resamples.conversations >= MIN_CONVERSATIONS_FOR_VERDICT;
  return {
    estimate: estimate(resamples.conversations, difference),
    interval,
    verdict: enough && interval ? verdictOf(interval, better) : 'no evidence',
  };
}

/**
 * @param interval of a difference, candidate minus reference.
 * @param tolerance how much worse or better is not worth a verdict, at least 0: all of the interval must be beyond it.
 */
export function verdictOf([low, high]: ConfidenceInterval, better: Direction, tolerance = 0): Verdict {
  if (low > tolerance) return better === 'higher' ? 'better' : 'worse';
  if (high < -tolerance) return better === 'higher' ? 'worse' : 'better';
  return 'no evidence';
}
