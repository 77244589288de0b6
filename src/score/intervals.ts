/** 95 % intervals of everything in `rates.ts`, by bootstrap over conversations with one set of resamples. */

import type { Counts } from '../core/counts.js';
import {
  bootstrapPercentiles,
  bootstrapRatio,
  bootstrapSums,
  type ConfidenceInterval,
  drawResamples,
} from '../stats/bootstrap.js';
import { balanced, ENDPOINT_LEVELS, LATENCY_LEVELS, type Percentiles } from './rates.js';
import { quotient, RATIOS, type RatioName } from './ratios.js';

/** Absent for fewer than two conversations, or when there is nothing to measure. */
type MaybeInterval = ConfidenceInterval | undefined;

export interface RateIntervals {
  readonly ratios: Readonly<Record<RatioName, MaybeInterval>>;
  readonly balancedAccuracy: MaybeInterval;
  readonly eotLatencyMs: Percentiles<MaybeInterval>;
  readonly intLatencyMs: Percentiles<MaybeInterval>;
  readonly ep50Ms: MaybeInterval;
  readonly ep90Ms: MaybeInterval;
  readonly ep99Ms: MaybeInterval;
}

/** @param conversations counts of each conversation; their order belongs to the result, like the seed. */
export function rateIntervals(conversations: readonly Counts[], seed: number): RateIntervals {
  const resamples = drawResamples(conversations.length, seed);
  const columns = (name: RatioName): [number[], number[]] => {
    const ratios = conversations.map((counts) => RATIOS[name](counts));
    return [ratios.map(({ numerator }) => numerator), ratios.map(({ denominator }) => denominator)];
  };
  const ofRatio = (name: RatioName): MaybeInterval => bootstrapRatio(resamples, ...columns(name));
  const ofPercentiles = (lists: readonly (readonly number[])[], levels: readonly number[]): MaybeInterval[] =>
    bootstrapPercentiles(resamples, lists, levels);
  const latencies = (task: 'eot' | 'int'): Percentiles<MaybeInterval> => {
    const lists = conversations.map((counts) => counts[task].latenciesMs);
    const [p10, p50, p90] = ofPercentiles(lists, LATENCY_LEVELS);
    return { p10, p50, p90 };
  };
  const endpointLists = conversations.map(({ endpoint }) => endpoint.latenciesMs);
  const [ep50Ms, ep90Ms, ep99Ms] = ofPercentiles(endpointLists, ENDPOINT_LEVELS);

  return {
    ratios: Object.fromEntries((Object.keys(RATIOS) as RatioName[]).map((name) => [name, ofRatio(name)])) as Record<
      RatioName,
      MaybeInterval
    >,
    balancedAccuracy: bootstrapSums(
      resamples,
      [...columns('floorRecall'), ...columns('floorSpecificity')],
      ([tp = 0, positives = 0, tn = 0, negatives = 0]) => balanced(quotient(tp, positives), quotient(tn, negatives)),
    ),
    eotLatencyMs: latencies('eot'),
    intLatencyMs: latencies('int'),
    ep50Ms,
    ep90Ms,
    ep99Ms,
  };
}
