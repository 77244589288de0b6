/** Several runs as one document: their numbers side by side, figures, where each of them lies. */

import type { RunHeader } from '../result/schema.js';
import { type EmbeddedFigure, renderFigures } from './embed.js';
import { runLabels } from './run-labels.js';
import { bestTable, caption, floorTable, heading, tasksTable } from './summary.js';
import { escapeMarkdown, renderMarkdown } from './table.js';

export function renderRunsMarkdown(runs: readonly RunHeader[], figures: readonly EmbeddedFigure[]): string {
  const names = runLabels(runs);
  const named = runs.map((run, i) => ({
    ...run,
    spec: { ...run.spec, model: { ...run.spec.model, name: names[i]! } },
  }));
  const scored = named.filter(({ totals }) => totals !== null);
  const swept = scored.filter(({ operating_points }) => operating_points !== null);
  const data = [...new Set(runs.map(heading))];
  const parts = [
    `# ${names.map(escapeMarkdown).join(', ')}`,
    data.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
  ];
  if (scored.length > 0) {
    parts.push('## Events', renderMarkdown(tasksTable(scored)));
    parts.push('## Floor', renderMarkdown(floorTable(scored)), caption(scored));
  }
  if (swept.length > 0) {
    const budget = swept[0]!.operating_points!.fp_budget;
    parts.push(`## Best thresholds with a false-positive rate of at most ${budget}`, renderMarkdown(bestTable(swept)));
  }
  if (figures.length > 0) parts.push('## Figures', ...renderFigures(figures));
  const list = runs.map(({ run, status }, i) => `- ${escapeMarkdown(`${names[i]!}: ${run}, ${status}`)}`);
  parts.push('## Runs', list.join('\n'));
  return `${parts.join('\n\n')}\n`;
}
