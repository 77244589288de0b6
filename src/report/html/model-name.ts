import type { NamedRun } from '../figures/run.js';
import { markPath } from '../figures/theme.js';
import { element } from '../xml.js';
import { type Html, html, trusted } from './html.js';

/** Name of a run with its mark, as in the figures. */
export function modelName({ name, index }: Pick<NamedRun, 'name' | 'index'>): Html {
  const mark = element('path', { d: markPath(index, 5), transform: 'translate(8 8)' });
  const svg = element(
    'svg',
    { class: `mark series-${(index % 8) + 1}`, width: 16, height: 16, 'aria-hidden': 'true' },
    mark,
  );
  return html`${trusted(svg)}<span class="name">${name}</span>`;
}
