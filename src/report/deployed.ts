/** What `eval --realtime` measured: scores at the times at which decisions would have left live, and step times. */

import type { RunHeader } from '../result/schema.js';
import { fineMilliseconds, milliseconds, NOTHING, rate, realTimeFactor } from './numbers.js';
import type { Table } from './table.js';

const RIGHT = { align: 'right' } as const;

/** Event scores, each latency beside the one at audio time. Rows for the runs that have them. */
export function deployedEventsTable(runs: readonly RunHeader[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'task' },
      { title: 'recall' },
      { title: 'false-positive rate' },
      { title: 'latency p50 ms' },
      { title: 'audio time', ...RIGHT },
      { title: 'p90 ms' },
      { title: 'audio time', ...RIGHT },
    ],
    rows: runs.flatMap(({ spec, totals }) =>
      totals?.deployed
        ? (['eot', 'int'] as const).map((task) => {
            const { recall, fp_rate, latency_ms, intervals } = totals.deployed![task];
            return [
              task === 'eot' ? spec.model.name : '',
              task.toUpperCase(),
              rate(recall, intervals.recall),
              rate(fp_rate, intervals.fp_rate),
              milliseconds(latency_ms.p50, intervals.latency_ms.p50),
              milliseconds(totals[task].latency_ms.p50),
              milliseconds(latency_ms.p90, intervals.latency_ms.p90),
              milliseconds(totals[task].latency_ms.p90),
            ];
          })
        : [],
    ),
  };
}

/** Endpoints and step times. Rows for the runs that have either. */
export function deployedStepsTable(runs: readonly RunHeader[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'cut-off rate' },
      { title: 'EP50 ms', ...RIGHT },
      { title: 'audio time', ...RIGHT },
      { title: 'EP90 ms', ...RIGHT },
      { title: 'audio time', ...RIGHT },
      { title: 'RTF of a pass', ...RIGHT },
      { title: 'step p50 ms', ...RIGHT },
      { title: 'p90', ...RIGHT },
      { title: 'p99', ...RIGHT },
      { title: 'late steps', ...RIGHT },
    ],
    rows: runs.flatMap(({ spec, totals, timing }) => {
      const steps = timing?.deployed;
      if (!steps) return [];
      const endpoint = totals?.deployed?.endpoint;
      return [
        [
          spec.model.name,
          endpoint ? rate(endpoint.cutoff_rate, endpoint.intervals.cutoff_rate) : NOTHING,
          milliseconds(endpoint?.ep50_ms ?? null),
          milliseconds(totals?.endpoint.ep50_ms ?? null),
          milliseconds(endpoint?.ep90_ms ?? null),
          milliseconds(totals?.endpoint.ep90_ms ?? null),
          realTimeFactor(steps.rtf),
          ...[steps.step_ms.p50, steps.step_ms.p90, steps.step_ms.p99].map(fineMilliseconds),
          share(steps.late_rate),
        ],
      ];
    }),
  };
}

export const DEPLOYED_CAPTION =
  'A decision leaves when its step is heard, the step before it is done, and it has been computed. ' +
  'Late: more than 20 ms after its step was heard.';

/** `0 %`, `0.012 %`, `3.4 %`: misses are rare where it matters. */
function share(value: number): string {
  return value === 0 ? '0 %' : `${Number((100 * value).toPrecision(2))} %`;
}
