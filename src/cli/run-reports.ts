/** The reports of a finished run, written into its folder. */

import { join } from 'node:path';
import type { Dataset } from '../core/conversation.js';
import { drawFigures } from '../report/figures/draw.js';
import { renderRunMarkdown } from '../report/markdown.js';
import { renderSweepCsv } from '../report/sweep-csv.js';
import { LAST_FILE } from '../run/begin.js';
import type { FinishedRun } from '../run/evaluate.js';
import { embedded, FIGURES_FOLDER, writeFigures } from './figure-files.js';

/** An HTML page beside the reports that every run has. */
export interface Page {
  /** The data set of the run, and as the user named it. */
  readonly data: { readonly name: string; readonly dataset: Dataset };
  readonly quiet: boolean;
}

export async function writeReports({ folder, header, rows }: FinishedRun, page?: Page): Promise<void> {
  const figures = await writeFigures(join(folder.path, FIGURES_FOLDER), drawFigures([{ header, rows }]));
  if (header.sweep) await folder.write('sweep.csv', renderSweepCsv(header.sweep));
  if (page) {
    const { writeHtmlReport } = await import('./html-report.js');
    const file = join(folder.path, 'report.html');
    await writeHtmlReport({ file, runs: [{ path: folder.path, header, rows }], ...page });
  }
  await folder.write(LAST_FILE, renderRunMarkdown(header, embedded(figures, folder.path)));
}
