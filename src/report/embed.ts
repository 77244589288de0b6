/** Figures inside a Markdown document: links to their files, with what can be seen for those who do not see it. */

import type { Figure } from './figures/frame.js';
import { escapeMarkdown } from './table.js';

export interface EmbeddedFigure extends Pick<Figure, 'title' | 'caption'> {
  /** Path of its file, relative to the document. */
  readonly path: string;
}

export function renderFigures(figures: readonly EmbeddedFigure[]): string[] {
  return figures.map(
    ({ caption, path }) => `![${escapeMarkdown(caption).replaceAll(/[[\]]/g, '\\$&')}](${link(path)})`,
  );
}

/** As a link target it has no spaces and no brackets; a folder is a slash on every system. */
function link(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/');
  return parts.map((part) => encodeURIComponent(part).replaceAll(/[()']/g, (sign) => `%${hex(sign)}`)).join('/');
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase();
}
