/** `gold stats` for people: one row per conversation, the total last, then the labels. */

import { duration } from './numbers.js';
import { renderText } from './table.js';

interface Statistics {
  readonly eot: TaskStatistics;
  readonly int: TaskStatistics;
  readonly turns: number;
  readonly turnS: number;
  readonly labels: Readonly<Record<string, number>>;
  readonly unknownLabels: Readonly<Record<string, number>>;
}

interface TaskStatistics {
  readonly positives: number;
  readonly negatives: number;
  readonly excluded: number;
  readonly excludedS: number;
}

export function renderGoldStatistics(
  conversations: readonly (readonly [id: string, statistics: Statistics])[],
  total: Statistics,
): string {
  const right = ['turns', 'EOT', 'pauses', 'EOT excluded', 'INT', 'INT negatives', 'INT excluded', 'speech'];
  const table = renderText({
    columns: [{ title: 'conversation' }, ...right.map((title) => ({ title, align: 'right' as const }))],
    rows: [...conversations, ['total', total] as const].map(([id, { turns, eot, int, turnS }]) => [
      id,
      ...[turns, eot.positives, eot.negatives, eot.excluded, int.positives, int.negatives, int.excluded].map(String),
      duration(turnS),
    ]),
  });
  const lines = [table, '', `labels agreed on: ${tally(total.labels)}`];
  if (Object.keys(total.unknownLabels).length > 0)
    lines.push(`labels ignored as unknown: ${tally(total.unknownLabels)}`);
  return `${lines.join('\n')}\n`;
}

function tally(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).map(([label, count]) => `${label} ${count}`);
  return entries.length === 0 ? 'none' : entries.join(', ');
}
