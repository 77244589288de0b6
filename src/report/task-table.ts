/** Event scores as a table: of one file, or of the conversations in it. */

import type { TaskIntervals, TaskScore } from '../result/schema.js';
import { milliseconds, rate } from './numbers.js';
import type { Table } from './table.js';

const RIGHT = { align: 'right' } as const;

/** @param rows label and scores, in order. */
export function taskTable(
  rows: readonly (readonly [label: string, score: TaskScore & { readonly intervals?: TaskIntervals }])[],
): Table {
  return {
    columns: [
      { title: '' },
      { title: 'recall', ...RIGHT },
      { title: 'false-positive rate', ...RIGHT },
      { title: 'latency p10 ms', ...RIGHT },
      { title: 'p50 ms', ...RIGHT },
      { title: 'p90 ms', ...RIGHT },
      ...['tp', 'fn', 'fp', 'tn'].map((title) => ({ title, ...RIGHT })),
    ],
    rows: rows.map(([label, score]) => [
      label,
      rate(score.recall, score.intervals?.recall),
      rate(score.fp_rate, score.intervals?.fp_rate),
      milliseconds(score.latency_ms.p10, score.intervals?.latency_ms.p10),
      milliseconds(score.latency_ms.p50, score.intervals?.latency_ms.p50),
      milliseconds(score.latency_ms.p90, score.intervals?.latency_ms.p90),
      ...[score.tp, score.fn, score.fp, score.tn].map(String),
    ]),
  };
}
