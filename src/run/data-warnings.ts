/** What people should know about the data and answers behind numbers, wherever numbers are given. One sentence each. */

import type { Dataset } from '../core/conversation.js';
import { nearest } from '../core/registry.js';
import { SPEAKERS } from '../core/speaker.js';
import { LABEL_VIEW } from '../gold/labels.js';
import type { ConversationRow, RunSpec } from '../result/schema.js';
import { formOf } from './answer-form.js';
import { lagWarnings } from './live.js';
import { sightWarnings } from './sighting.js';

/** What people should know of the data behind a score: the data set's own warnings, then its unknown labels. */
export async function dataWarnings(dataset: Dataset, ids: readonly string[]): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const { annotations } = await dataset.open(id);
    for (const { segments } of SPEAKERS.flatMap((speaker) => annotations?.[speaker] ?? [])) {
      for (const { label } of segments) if (!LABEL_VIEW.has(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return [...dataset.warnings, ...unknownLabelWarnings(counts)];
}

export const SINGLE_TURNS =
  'the data set is one of single turns: `turnbench policy` judges their silences from this run';

/**
 * @param rows in the order of the data set's ids.
 * @param singleTurns the data set is one of single turns, which have no annotations.
 */
export function rowWarnings(rows: readonly ConversationRow[], spec: RunSpec, singleTurns = false): string[] {
  const finished = rows.filter((row) => row.status === 'ok');
  const unscored = finished.filter((row) => row.counts === null).length;
  const unknown = new Map<string, number>();
  for (const { unknown_labels } of finished) {
    for (const [label, count] of Object.entries(unknown_labels)) unknown.set(label, (unknown.get(label) ?? 0) + count);
  }
  const warnings: string[] = [];
  if (singleTurns) {
    warnings.push(SINGLE_TURNS);
  } else if (unscored > 0) {
    const without = `conversations without annotations: ${unscored}`;
    warnings.push(`${without}: their predictions were written, nothing was scored`);
  }
  warnings.push(...unknownLabelWarnings(unknown), ...sightWarnings(rows), ...lagWarnings(rows));
  if (formOf(rows) === 'bit' && spec.sweep_thresholds !== null) {
    warnings.push('the model answers floor bits of its own: there is nothing to sweep');
  }
  return warnings;
}

/** @param counts segments by label. */
function unknownLabelWarnings(counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const labels = [...counts].map(([label, count]) => {
    const near = nearest(label, [...LABEL_VIEW.keys()]);
    return `'${label}' (${count}${near === undefined ? '' : `, is '${near}' meant?`})`;
  });
  return [`labels that the gold rules do not know were ignored: ${labels.join(', ')}`];
}
