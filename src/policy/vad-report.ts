/**
 * The baseline on a finer grid of delays than the sweep: from the shortest pause to the longest one, or the largest
 * delay, in steps of 10 ms, and the two budgets themselves. So it can meet a budget that its rows in the sweep miss.
 */

import { lowerBound } from '../core/search.js';
import { CUTOFF_BUDGETS, LATENCY_BUDGETS_S } from './budgets.js';
import type { PolicyConfig } from './config.js';
import type { PolicySpan } from './span-table.js';
import { type PolicyRow, vadRows } from './sweep.js';
import { round6 } from './time-grid.js';

const STEP_S = 0.01;
const TOLERANCE = 1e-9;

export interface VadReport {
  readonly delays: number;
  /** Least cut-off rate within each of `LATENCY_BUDGETS_S`, in their order; undefined when none is. */
  readonly cutoffRates: readonly (number | undefined)[];
  /** Least delay within each of `CUTOFF_BUDGETS`, s. */
  readonly delaysS: readonly (number | undefined)[];
  /** One row per delay, ascending. */
  readonly rows: readonly PolicyRow[];
}

export function vadReport(spans: readonly PolicySpan[], config: PolicyConfig): VadReport {
  const delaysS = fineDelaysS(config);
  const rows = vadRows(spans, delaysS);
  // A longer delay cuts off less: the last delay within the budget has the least rate, the first row the least delay.
  return {
    delays: delaysS.length,
    cutoffRates: LATENCY_BUDGETS_S.map((budgetS) => rows[lowerBound(delaysS, budgetS + TOLERANCE) - 1]?.cutoffRate),
    delaysS: CUTOFF_BUDGETS.map(
      (budget) => rows.find(({ cutoffRate }) => cutoffRate <= budget + TOLERANCE)?.actionDelayS,
    ),
    rows,
  };
}

function fineDelaysS({ minHoldS, maxHoldS, actionDelaysS, timeoutsS }: PolicyConfig): number[] {
  const longestS = Math.max(maxHoldS, ...actionDelaysS, ...timeoutsS);
  const count = Math.floor((longestS - minHoldS) / STEP_S + TOLERANCE) + 1;
  const stepsS = Array.from({ length: count }, (_, i) => round6(minHoldS + i * STEP_S));
  return [...new Set([...stepsS, ...LATENCY_BUDGETS_S])].sort((a, b) => a - b);
}
