/** How live systems that speak answered their subjects. */

import type { RunHeader } from '../result/schema.js';
import { milliseconds, NOTHING, rate } from './numbers.js';
import type { Table } from './table.js';

const RIGHT = { align: 'right' } as const;

/** Rows for the runs that have it. */
export function agentTable(runs: readonly RunHeader[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'answered', ...RIGHT },
      { title: 'early', ...RIGHT },
      { title: 'unanswered', ...RIGHT },
      { title: 'response p50 ms', ...RIGHT },
      { title: 'p90', ...RIGHT },
      { title: 'false starts', ...RIGHT },
      { title: 'yields', ...RIGHT },
      { title: 'yield p50 ms', ...RIGHT },
      { title: 'p90', ...RIGHT },
      { title: 'overlap share', ...RIGHT },
    ],
    rows: runs.flatMap(({ spec, agent }) => {
      if (!agent) return [];
      const { response_latency_ms: response, yield_ms: yielded } = agent;
      return [
        [
          spec.model.name,
          ...[agent.answered, agent.early, agent.unanswered].map(String),
          milliseconds(response.p50),
          milliseconds(response.p90),
          agent.pauses === 0 ? NOTHING : `${agent.false_starts}/${agent.pauses}`,
          String(agent.yields),
          milliseconds(yielded.p50),
          milliseconds(yielded.p90),
          rate(agent.overlap_share),
        ],
      ];
    }),
  };
}

export const AGENT_CAPTION =
  'response: gold end of turn to when the system is heard · early: it spoke already · false starts: in mid-turn pauses' +
  ' · yield: from a turn begun while it speaks to its silence · overlap: share of its speech in turns of the subject';
