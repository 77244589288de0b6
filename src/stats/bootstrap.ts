/**
 * 95 % bootstrap intervals over conversations (B. Efron, R. Tibshirani: An Introduction to the Bootstrap, 1993,
 * chapters 13 and 14). Conversations are drawn, not events: events of one conversation share speakers and are not
 * independent. Each resample is n draws with replacement from n conversations, kept as how often each was drawn. They
 * are drawn once from a seed: an interval does not depend on how many others are asked for, nor on who computes it.
 *
 * - `percentile` reaches from the 2.5th to the 97.5th percentile of what the resamples give. With few conversations that
 *   is too narrow: draws spread less than the population by √((n − 1) / n), and as if its spread were known.
 * - `expanded` makes up for both (T. Hesterberg: What Teachers Should Know About the Bootstrap, The American Statistician
 *   69(4), 2015): Student's t times √(n / (n − 1)) standard errors instead of the normal distribution's 1.96. With 38
 *   conversations the levels are 2.0 % and 98.0 %, with six 0.24 % and 99.76 %. Coverage by simulation is in
 *   `bench/README.md`; it is why this is the default.
 * - `bca` (bias-corrected and accelerated) moves the levels of `percentile` by how far the estimate is from the median of
 *   the resamples, and by how its standard error changes with it, estimated by leaving out each conversation in turn.
 *   Where all resamples lie on one side of the estimate there is nothing to correct by, and it is `percentile`.
 *
 * One conversation says nothing about others: no interval, neither for a single conversation nor where a number rests
 * on one alone, so that it would not exist without it. Other resamples in which it does not exist are left out.
 */

import { Prng } from '../core/prng.js';
import { normalCdf, normalQuantile } from './normal.js';
import { percentile, type SortedNumbers, sortNumbers } from './percentile.js';
import { ratioOfSums, type Statistic, type Weights } from './statistic.js';
import { studentQuantile } from './student.js';

export const BOOTSTRAP_RESAMPLES = 2000;

/** Where nobody asks for another one. */
export const DEFAULT_SEED = 1;

/** Of the lower and of the upper end. */
type Levels = readonly [number, number];

const NOMINAL: Levels = [0.025, 0.975];

/** Lower and upper end of the 95 % interval. */
export type ConfidenceInterval = readonly [number, number];

export type IntervalMethod = 'expanded' | 'percentile' | 'bca';

export interface Resamples {
  readonly conversations: number;
  /** One per resample; none of fewer than two conversations. */
  readonly weights: readonly Weights[];
}

export function drawResamples(conversations: number, seed: number, count = BOOTSTRAP_RESAMPLES): Resamples {
  const random = new Prng(seed);
  const weights = Array.from({ length: conversations < 2 ? 0 : count }, () => {
    const drawn = new Uint32Array(conversations);
    for (let draw = 0; draw < conversations; draw++) drawn[random.int(conversations)]! += 1;
    return drawn;
  });
  return { conversations, weights };
}

/** @param statistic of the conversations that the resamples are of. */
export function bootstrapInterval(
  { conversations, weights }: Resamples,
  statistic: Statistic,
  method: IntervalMethod = 'expanded',
): ConfidenceInterval | undefined {
  const measured = estimate(conversations, statistic);
  if (measured === undefined || !restsOnSeveral(conversations, statistic)) return undefined;
  const sorted = sortNumbers(definedValues(weights, statistic));
  const [low, high] = {
    expanded: () => expandedLevels(conversations),
    percentile: () => NOMINAL,
    bca: () => correctedLevels(sorted, measured, definedValues(allButOne(conversations), statistic)),
  }[method]();
  const lower = percentile(sorted, low);
  const upper = percentile(sorted, high);
  return lower === undefined || upper === undefined ? undefined : [lower, upper];
}

/**
 * Of sum of numerators over sum of denominators.
 * @param numerators, denominators one per conversation.
 */
export function bootstrapRatio(
  resamples: Resamples,
  numerators: readonly number[],
  denominators: readonly number[],
): ConfidenceInterval | undefined {
  return bootstrapInterval(resamples, ratioOfSums(numerators, denominators));
}

/** With every conversation once: what was measured. */
export function estimate(conversations: number, statistic: Statistic): number | undefined {
  return statistic(new Uint32Array(conversations).fill(1));
}

function expandedLevels(conversations: number): Levels {
  const errors = studentQuantile(2 * NOMINAL[0], conversations - 1) * Math.sqrt(conversations / (conversations - 1));
  return [normalCdf(-errors), normalCdf(errors)];
}

function correctedLevels(resampled: SortedNumbers, measured: number, jackknife: readonly number[]): Levels {
  const bias = normalQuantile(shareBelow(resampled, measured));
  if (!Number.isFinite(bias)) return NOMINAL;
  const acceleration = accelerationOf(jackknife);
  const corrected = (level: number): number => {
    const z = bias + normalQuantile(level);
    // Of any numbers |acceleration| ≤ 1/6, and |z| < 6 with fewer than 10⁴ resamples: the divisor is positive.
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [corrected(NOMINAL[0]), corrected(NOMINAL[1])];
}

/** Share of values below the measured one, those equal to it counting half. */
function shareBelow(values: SortedNumbers, measured: number): number {
  let below = 0;
  for (const value of values) below += value < measured ? 1 : value === measured ? 0.5 : 0;
  return below / values.length;
}

/** A sixth of the skewness of the jackknife values, the other way round; 0 where they are all the same. */
function accelerationOf(jackknife: readonly number[]): number {
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (const value of jackknife) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Up to so many conversations, each is left out in turn. */
const LEFT_OUT_SINGLY = 1000;

/**
 * Whether it exists without any one of the conversations. Of very many, those without a part are looked at: what exists
 * without all of a part exists without any one of it, so that few parts answer for all.
 */
function restsOnSeveral(conversations: number, statistic: Statistic): boolean {
  if (conversations <= LEFT_OUT_SINGLY) {
    return definedValues(allButOne(conversations), statistic).length === conversations;
  }
  const existsWithoutAnyOf = (from: number, to: number): boolean => {
    // A new list each time: statistics may remember what they were given.
    const weights = new Uint32Array(conversations).fill(1).fill(0, from, to);
    if (statistic(weights) !== undefined) return true;
    if (to - from === 1) return false;
    const middle = (from + to) >>> 1;
    return existsWithoutAnyOf(from, middle) && existsWithoutAnyOf(middle, to);
  };
  return existsWithoutAnyOf(0, conversations);
}

function allButOne(conversations: number): Weights[] {
  return Array.from({ length: conversations }, (_, out) => {
    const weights = new Uint32Array(conversations).fill(1);
    weights[out] = 0;
    return weights;
  });
}

function definedValues(weights: readonly Weights[], statistic: Statistic): number[] {
  return weights.map(statistic).filter((value) => value !== undefined);
}
