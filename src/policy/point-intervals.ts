/** How sure the named rows of a sweep are: conversations are resampled, the knobs stay. */

import { bootstrapInterval, type ConfidenceInterval, type Resamples } from '../stats/bootstrap.js';
import { ratioOfSums } from '../stats/statistic.js';
import { TOLERANCE_S } from './config.js';
import type { PolicyEvaluation } from './evaluate.js';
import { actsAtS, type PolicyRow } from './sweep.js';

export interface PointIntervals {
  readonly cutoffRate: ConfidenceInterval | undefined;
  readonly meanLatencyS: ConfidenceInterval | undefined;
}

/**
 * 95 % intervals of the rows that an evaluation names.
 * @param groups in the order of the resamples.
 * @param groupOf the group of a turn.
 */
export function pointIntervals(
  evaluation: PolicyEvaluation,
  groups: readonly string[],
  groupOf: (turnId: string) => string,
  resamples: Resamples,
): ReadonlyMap<PolicyRow, PointIntervals> {
  const { operatingPoints, atCutoff, atLatency } = evaluation;
  const named = [...operatingPoints, ...atCutoff, ...atLatency].filter((row) => row !== undefined);
  const places = new Map(groups.map((group, i) => [group, i]));
  const placeOf = evaluation.spans.map(({ id }) => places.get(groupOf(id))!);
  return new Map(
    [...new Set(named)].map((row) => {
      const columns = { holds: zeros(groups), cutOffs: zeros(groups), ends: zeros(groups), latencyS: zeros(groups) };
      for (const [i, span] of evaluation.spans.entries()) {
        const place = placeOf[i]!;
        const actedS = actsAtS(span, row);
        if (span.label === 'eot') {
          columns.ends[place]! += 1;
          columns.latencyS[place]! += actedS;
        } else {
          columns.holds[place]! += 1;
          columns.cutOffs[place]! += span.durationS > actedS + TOLERANCE_S ? 1 : 0;
        }
      }
      const cutoffRate = bootstrapInterval(resamples, ratioOfSums(columns.cutOffs, columns.holds));
      const meanLatencyS = bootstrapInterval(resamples, ratioOfSums(columns.latencyS, columns.ends));
      return [row, { cutoffRate, meanLatencyS }];
    }),
  );
}

function zeros(groups: readonly string[]): number[] {
  return groups.map(() => 0);
}
