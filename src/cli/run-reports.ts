/** The reports of a finished run, written into its folder. */

import { join } from 'node:path';
import { drawFigures } from '../report/figures/draw.js';
import { renderRunMarkdown } from '../report/markdown.js';
import { renderSweepCsv } from '../report/sweep-csv.js';
import { LAST_FILE } from '../run/begin.js';
import type { FinishedRun } from '../run/evaluate.js';
import type { EvaluationPlan } from '../run/plan.js';
import { embedded, FIGURES_FOLDER, writeFigures } from './figure-files.js';

/** Those that every run has: the last that are written. */
export async function writeReports({ folder, header, rows }: FinishedRun): Promise<void> {
  const figures = await writeFigures(join(folder.path, FIGURES_FOLDER), drawFigures([{ header, rows }]));
  if (header.sweep) await folder.write('sweep.csv', renderSweepCsv(header.sweep));
  await folder.write(LAST_FILE, renderRunMarkdown(header, embedded(figures, folder.path)));
}

interface HtmlFlags {
  /** As the data set was named by the user. */
  readonly dataset: string;
  readonly quiet?: boolean | undefined;
}

export async function writeHtml(
  { folder, header, rows }: FinishedRun,
  { dataset }: EvaluationPlan,
  { quiet = false, dataset: name }: HtmlFlags,
): Promise<void> {
  const { writeHtmlReport } = await import('./html-report.js');
  const file = join(folder.path, 'report.html');
  await writeHtmlReport({ file, runs: [{ path: folder.path, header, rows }], data: { name, dataset }, quiet });
}
