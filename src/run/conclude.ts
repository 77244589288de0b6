/** From the rows of a run to its header and predictions: the same whether one process found them or many machines did. */

import { formatPredictions } from '../result/predictions.js';
import type { ConversationRow, RunHeader } from '../result/schema.js';
import { formOf } from './answer-form.js';
import { rowWarnings } from './data-warnings.js';
import { summarise } from './summarise.js';
import { sweepWarnings } from './sweep-warnings.js';

export interface Circumstances {
  /** Conversations that were to be streamed. */
  readonly planned: number;
  /** Everything, s. */
  readonly wallS: number;
  readonly finishedAt: string;
  /** Of the data set as a whole. */
  readonly dataWarnings: readonly string[];
  /** The data set is one of single turns, which have no annotations. */
  readonly singleTurns: boolean;
  readonly trackWarnings: readonly string[];
}

/** @param rows in the order of the data set's ids, all answered in one form. */
export function concluded(header: RunHeader, rows: readonly ConversationRow[], facts: Circumstances): RunHeader {
  const { spec } = header;
  const numbers = summarise(rows, spec, facts.wallS);
  return {
    ...header,
    ...numbers,
    status: statusOf(rows, facts.planned),
    finished_at: facts.finishedAt,
    operating_threshold: formOf(rows) === 'bit' ? null : spec.threshold,
    warnings: [
      ...facts.dataWarnings,
      ...rowWarnings(rows, spec, facts.singleTurns),
      ...facts.trackWarnings,
      ...sweepWarnings(numbers.operating_points, spec.sweep_thresholds ?? [], formOf(rows) === 'bits'),
    ],
  };
}

/** Text of `predictions.json`: what was finished, failures left out. */
export function predictionsOf(rows: readonly ConversationRow[]): string {
  return formatPredictions(
    new Map(rows.flatMap((row) => (row.status === 'ok' ? [[row.conversation_id, row.events]] : []))),
  );
}

function statusOf(rows: readonly ConversationRow[], planned: number): RunHeader['status'] {
  if (rows.length < planned) return 'interrupted';
  const failed = rows.filter((row) => row.status === 'failed').length;
  if (failed === 0) return 'success';
  return failed === rows.length ? 'failed' : 'partial';
}
