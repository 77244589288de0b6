/** Answers of systems that speak, on disk and in totals. */

import { quotient } from '../score/ratios.js';
import { addResponses, type ResponseCounts } from '../score/responses.js';
import { percentile, sortNumbers } from '../stats/percentile.js';
import type { AgentOnDisk, AgentTotals } from './agent-schema.js';

export function responsesToDisk(counts: ResponseCounts): AgentOnDisk {
  return {
    response_latencies_ms: counts.latenciesMs,
    early: counts.early,
    unanswered: counts.unanswered,
    pauses: counts.pauses,
    false_starts: counts.falseStarts,
    yields_ms: counts.yieldsMs,
    spoken_s: counts.spokenS,
    overlap_s: counts.overlapS,
  };
}

function responsesFromDisk(row: AgentOnDisk): ResponseCounts {
  return {
    latenciesMs: row.response_latencies_ms,
    early: row.early,
    unanswered: row.unanswered,
    pauses: row.pauses,
    falseStarts: row.false_starts,
    yieldsMs: row.yields_ms,
    spokenS: row.spoken_s,
    overlapS: row.overlap_s,
  };
}

/** @param rows one per conversation. */
export function agentTotals(rows: readonly AgentOnDisk[]): AgentTotals {
  const sum = addResponses(rows.map(responsesFromDisk));
  return {
    answered: sum.latenciesMs.length,
    early: sum.early,
    unanswered: sum.unanswered,
    response_latency_ms: percentilesOf(sum.latenciesMs),
    pauses: sum.pauses,
    false_starts: sum.falseStarts,
    false_start_rate: quotient(sum.falseStarts, sum.pauses) ?? null,
    yields: sum.yieldsMs.length,
    yield_ms: percentilesOf(sum.yieldsMs),
    spoken_s: sum.spokenS,
    overlap_share: quotient(sum.overlapS, sum.spokenS) ?? null,
  };
}

function percentilesOf(values: readonly number[]): AgentTotals['yield_ms'] {
  const sorted = sortNumbers(values);
  const at = (q: number) => percentile(sorted, q) ?? null;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}
