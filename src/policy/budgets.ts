/** At which budgets the public protocol reads off its numbers. */

/** What a budget limits; the other one is then made as small as possible. */
export type Budget = 'cutoffRate' | 'meanLatencyS';

/** Share of pauses cut off. */
export const CUTOFF_BUDGETS = [0.02, 0.05, 0.1] as const;

/** Mean latency, s. */
export const LATENCY_BUDGETS_S = [0.3, 0.6] as const;
