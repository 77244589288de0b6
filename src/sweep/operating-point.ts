/** Choosing a threshold under a false-positive budget (scoring specification, section 7). */

/** Share of negative spans that may fire when an operating point is chosen. */
export const DEFAULT_FP_BUDGET = 0.1;

/** Both may be absent: nothing to measure. */
export interface Tradeoff {
  readonly recall?: number | null | undefined;
  readonly fpRate?: number | null | undefined;
}

/**
 * Of the rows whose false-positive rate exists and is within the budget, the one with the highest recall; the first of
 * several, and the first at all when no recall exists.
 * @param rows ascending in threshold.
 * @param tradeoffOf recall and false-positive rate of a row.
 * @returns undefined when no row is within the budget.
 */
export function operatingPoint<Row>(
  rows: readonly Row[],
  fpBudget: number,
  tradeoffOf: (row: Row) => Tradeoff,
): Row | undefined {
  let best: Row | undefined;
  let bestRecall = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const { recall, fpRate } = tradeoffOf(row);
    if (typeof fpRate !== 'number' || fpRate > fpBudget) continue;
    const comparable = recall ?? Number.NEGATIVE_INFINITY;
    if (best !== undefined && comparable <= bestRecall) continue;
    best = row;
    bestRecall = comparable;
  }
  return best;
}
