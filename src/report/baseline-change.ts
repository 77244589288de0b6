/** What `baselines update` shows before it writes. */

import type { BaselineChange } from '../compare/baseline-change.js';
import { counted, inUnit, NOTHING } from './numbers.js';
import { renderText } from './table.js';

export function renderBaselineChange({ file, kind, facts, scores, conversations }: BaselineChange): string {
  if (kind === 'same') return `${file}: nothing changes\n`;
  const rows = [
    ...facts.map(({ name, before, after }) => [name, before ?? NOTHING, after ?? NOTHING]),
    ...scores.map(({ name, before, after, unit }) => {
      const [old, next] = [inUnit(before, unit), inUnit(after, unit)];
      // A change that the usual digits do not show is still one.
      return old === next ? [name, String(before), String(after)] : [name, old, next];
    }),
  ];
  const lines = [`${file}: ${kind === 'new' ? 'new' : 'changes'}`];
  if (rows.length > 0) {
    lines.push(renderText({ columns: [{ title: '' }, { title: 'before' }, { title: 'after' }], rows }));
  }
  for (const [what, ids] of Object.entries(conversations)) {
    if (ids.length > 0) lines.push(`${counted(ids.length, 'conversation')} ${what}: ${ids.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}
