/**
 * Which rows of a sweep are worth naming (eot-bench policy specification, "Order, operating points, Pareto"). All of
 * them are rows of the model; the baseline has a report of its own.
 */

import { pairwiseMean } from '../stats/pairwise-sum.js';
import type { Budget } from './budgets.js';
import type { PolicyRow } from './sweep.js';

/** Rates closer than this are equal. */
const TOLERANCE = 1e-9;

/** Cut-off budgets of the frontier: 0.000 … 0.100. */
const FRONTIER_BUDGETS: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 1000);

/** @returns the fastest row within a budget of cut-offs; undefined when none is. */
export function summaryPoint(rows: readonly PolicyRow[], cutoffBudget: number): PolicyRow | undefined {
  return best(within(rows, 'cutoffRate', cutoffBudget), bySpeed);
}

/** Mean latency of the summary points over budgets of 0 to 10 % in steps of 0.1 %, s; budgets that no row meets are left out. */
export function meanFrontierLatencyS(rows: readonly PolicyRow[]): number | undefined {
  const fastestFirst = rows.filter(({ policy }) => policy === 'model').sort(bySpeed);
  // Only a row with fewer cut-offs than all faster ones can be the first within a budget.
  let least = Number.POSITIVE_INFINITY;
  const candidates = fastestFirst.filter(({ cutoffRate }) => {
    const isLess = cutoffRate < least;
    if (isLess) least = cutoffRate;
    return isLess;
  });
  const points = FRONTIER_BUDGETS.map((budget) =>
    candidates.find(({ cutoffRate }) => cutoffRate <= budget + TOLERANCE),
  );
  return pairwiseMean(points.flatMap((row) => (row ? [row.meanLatencyS] : [])));
}

/**
 * The row that a comparison of models shows: within a budget of one column the least of the other. Of equal rows it
 * names another one than `summaryPoint`: that with the highest threshold.
 */
export function comparisonPoint(rows: readonly PolicyRow[], column: Budget, budget: number): PolicyRow | undefined {
  const other = column === 'cutoffRate' ? 'meanLatencyS' : 'cutoffRate';
  return best(
    within(rows, column, budget),
    (a, b) => a[other] - b[other] || a[column] - b[column] || byHighestThreshold(a, b),
  );
}

/** The rows than which none is both faster and less often wrong, one per level, by latency. */
export function paretoFront(rows: readonly PolicyRow[]): PolicyRow[] {
  const ordered = rows
    .filter(({ policy }) => policy === 'model')
    .sort((a, b) => a.meanLatencyS - b.meanLatencyS || a.cutoffRate - b.cutoffRate || byHighestThreshold(a, b));
  let least = Number.POSITIVE_INFINITY;
  return ordered.filter(({ cutoffRate }) => {
    if (!(cutoffRate < least - TOLERANCE)) return false;
    least = cutoffRate;
    return true;
  });
}

function within(rows: readonly PolicyRow[], column: Budget, budget: number): PolicyRow[] {
  return rows.filter((row) => row.policy === 'model' && row[column] <= budget + TOLERANCE);
}

function bySpeed(a: PolicyRow, b: PolicyRow): number {
  return (
    a.meanLatencyS - b.meanLatencyS ||
    a.cutoffRate - b.cutoffRate ||
    a.timeoutRate - b.timeoutRate ||
    a.timeoutS - b.timeoutS ||
    a.actionDelayS - b.actionDelayS ||
    (a.threshold ?? 0) - (b.threshold ?? 0)
  );
}

function byHighestThreshold(a: PolicyRow, b: PolicyRow): number {
  return (b.threshold ?? 0) - (a.threshold ?? 0) || a.actionDelayS - b.actionDelayS || a.timeoutS - b.timeoutS;
}

function best(rows: readonly PolicyRow[], compare: (a: PolicyRow, b: PolicyRow) => number): PolicyRow | undefined {
  return rows.reduce<PolicyRow | undefined>(
    (least, row) => (least && compare(least, row) <= 0 ? least : row),
    undefined,
  );
}
