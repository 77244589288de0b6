/** At which budgets of the public protocol numbers are read off. */

/** Share of pauses cut off. */
export const CUTOFF_BUDGETS = [0.02, 0.05, 0.1] as const;

/** Mean latency, s. */
export const LATENCY_BUDGETS_S = [0.3, 0.6] as const;
