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

/** What choosing needs to know of a row. */
export interface Measures extends Tradeoff {
  /** Median detection latency, ms. */
  readonly latencyP50Ms?: number | null | undefined;
  readonly cutoffRate?: number | null | undefined;
}

/** Undefined where no row qualifies. */
export interface Choices<Row> {
  /** The operating point: highest recall within the budget. */
  readonly recallFirst: Row | undefined;
  /** Lowest median latency within the budget, at nearly that recall. */
  readonly latencyFirst: Row | undefined;
  /** Lowest cut-off rate within the budget, at nearly that recall. */
  readonly cutoffFirst: Row | undefined;
}

/**
 * Share of the operating point's recall that the other two choices must keep. Without it the fastest and least intrusive
 * threshold would be the one at which the model hardly ever answers.
 */
export const KEPT_RECALL = 0.9;

/**
 * Three ways to spend the same budget. Of rows that are equally fast, or cut off equally often, the one with the higher
 * recall is chosen, then the first. Rows that find nothing are no choice for speed.
 * @param rows ascending in threshold.
 */
export function operatingChoices<Row>(
  rows: readonly Row[],
  fpBudget: number,
  measuresOf: (row: Row) => Measures,
): Choices<Row> {
  const recallFirst = operatingPoint(rows, fpBudget, measuresOf);
  const recall = (recallFirst && measuresOf(recallFirst).recall) ?? 0;
  const candidates = rows.filter((row) => {
    const { recall: found, fpRate } = measuresOf(row);
    if (typeof fpRate !== 'number' || fpRate > fpBudget) return false;
    // A hair of slack: 0.72 is nine tenths of 0.8.
    return typeof found === 'number' && found > 0 && found >= KEPT_RECALL * recall - 1e-9;
  });
  const lowest = (costOf: (measures: Measures) => number | null | undefined): Row | undefined => {
    let best: { readonly row: Row; readonly cost: number; readonly recall: number } | undefined;
    for (const row of candidates) {
      const measures = measuresOf(row);
      const cost = costOf(measures);
      if (typeof cost !== 'number') continue;
      const candidate = { row, cost, recall: measures.recall ?? 0 };
      if (!best || cost < best.cost || (cost === best.cost && candidate.recall > best.recall)) best = candidate;
    }
    return best?.row;
  };
  return {
    recallFirst,
    latencyFirst: lowest(({ latencyP50Ms }) => latencyP50Ms),
    cutoffFirst: lowest(({ cutoffRate }) => cutoffRate),
  };
}
