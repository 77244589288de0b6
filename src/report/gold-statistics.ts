/**
 * `gold stats` for people: one row per conversation, the total last, in the columns of the public tool, to which turns
 * and speech are added; then the labels.
 */

import { duration, NOTHING } from './numbers.js';
import { renderText } from './table.js';

interface Statistics {
  readonly eot: TaskStatistics;
  readonly int: TaskStatistics;
  readonly turns: number;
  readonly turn_s: number;
  readonly labels: Readonly<Record<string, number>>;
  readonly unknown_labels: Readonly<Record<string, number>>;
}

interface TaskStatistics {
  readonly positives: number;
  readonly negatives: number;
  readonly excluded: number;
}

export function renderGoldStatistics(
  conversations: readonly (readonly [id: string, statistics: Statistics])[],
  total: Statistics,
): string {
  const right = ['eot+', 'eot-', 'int+', 'int-', 'excl', 'turns', 'speech'];
  const table = renderText({
    columns: [{ title: 'conversation' }, ...right.map((title) => ({ title, align: 'right' as const }))],
    rows: [...conversations, ['total', total] as const].map(([id, { turns, eot, int, turn_s: turnS }]) => [
      id,
      ...[eot.positives, eot.negatives, int.positives, int.negatives, eot.excluded + int.excluded, turns].map(String),
      duration(turnS),
    ]),
  });
  const { positives, negatives } = total.eot;
  const ratio = positives === 0 ? NOTHING : (negatives / positives).toFixed(1);
  const lines = [
    table,
    '',
    '+: events that are due; -: spans in which one would be wrong; excl: excluded intervals of both tasks',
    `pauses per end of turn (eot-/eot+): ${ratio}`,
    `labels agreed on: ${tally(total.labels)}`,
  ];
  if (Object.keys(total.unknown_labels).length > 0) {
    lines.push(`labels ignored as unknown: ${tally(total.unknown_labels)}`);
  }
  return `${lines.join('\n')}\n`;
}

function tally(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).map(([label, count]) => `${label} ${count}`);
  return entries.length === 0 ? 'none' : entries.join(', ');
}
