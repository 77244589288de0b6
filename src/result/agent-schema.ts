/** How a live system that speaks answered its subjects, as it is on disk: per conversation, and of a run. */

import { z } from 'zod';

const count = z.int().min(0);
const number = z.number().nullable();
const percentiles = z.strictObject({ p10: number, p50: number, p90: number });

/** How a live system that speaks answered, both passes added. */
export const agentSchema = z.strictObject({
  response_latencies_ms: z.array(z.number()).readonly(),
  early: count,
  unanswered: count,
  pauses: count,
  false_starts: count,
  yields_ms: z.array(z.number()).readonly(),
  spoken_s: z.number(),
  overlap_s: z.number(),
});

/** How a system that speaks answered, in all conversations. */
export const agentTotalsSchema = z.strictObject({
  /** Gold ends of turn that it answered, at which it was speaking already, that it left without answer. */
  answered: count,
  early: count,
  unanswered: count,
  /** From the gold end of turn to when the system is heard. */
  response_latency_ms: percentiles,
  /** Mid-turn pauses, and those in which it began to speak. */
  pauses: count,
  false_starts: count,
  false_start_rate: number,
  /** Turns that the subject began while the system spoke, and how long it went on. */
  yields: count,
  yield_ms: percentiles,
  /** Time in which the system was heard, s, and the share of it in turns of the subject. */
  spoken_s: z.number(),
  overlap_share: number,
});

export type AgentOnDisk = z.infer<typeof agentSchema>;
export type AgentTotals = z.infer<typeof agentTotalsSchema>;
