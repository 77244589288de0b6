/** Figures as files, and how a document beside them links to them. */

import { join, relative } from 'node:path';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import type { EmbeddedFigure } from '../report/embed.js';
import type { Figure } from '../report/figures/frame.js';

/** Beside a report. */
export const FIGURES_FOLDER = 'figures';

export interface SavedFigure {
  readonly figure: Figure;
  readonly file: string;
}

/** Files of the same names are replaced, others stay. @throws UserError when the folder cannot be written. */
export async function writeFigures(folder: string, figures: readonly Figure[]): Promise<SavedFigure[]> {
  if (figures.length > 0) await makeFolder(folder);
  const saved: SavedFigure[] = [];
  for (const figure of figures) {
    const file = join(folder, `${figure.name}.svg`);
    await atomicWrite(file, figure.svg);
    saved.push({ figure, file });
  }
  return saved;
}

/** @param folder of the document. */
export function embedded(saved: readonly SavedFigure[], folder: string): EmbeddedFigure[] {
  return saved.map(({ figure: { title, caption }, file }) => ({ title, caption, path: relative(folder, file) }));
}
