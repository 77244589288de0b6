/** Labels that the gold rules do not know have no effect on any number, so they are told wherever numbers are given. */

import type { Dataset } from '../core/conversation.js';
import { nearest } from '../core/registry.js';
import { SPEAKERS } from '../core/speaker.js';
import { LABEL_VIEW } from '../gold/labels.js';

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

/**
 * At most one sentence.
 * @param counts segments by label.
 */
export function unknownLabelWarnings(counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const labels = [...counts].map(([label, count]) => {
    const near = nearest(label, [...LABEL_VIEW.keys()]);
    return `'${label}' (${count}${near === undefined ? '' : `, is '${near}' meant?`})`;
  });
  return [`labels that the gold rules do not know were ignored: ${labels.join(', ')}`];
}
