/** What a command that has made a run writes and says of it. */

import { join } from 'node:path';
import { EXIT, type ExitCode } from '../core/errors.js';
import { drawFigures } from '../report/figures/draw.js';
import { renderRunMarkdown } from '../report/markdown.js';
import type { SavedRun } from '../report/summary.js';
import { renderSweepCsv } from '../report/sweep-csv.js';
import type { RunHeader } from '../result/schema.js';
import type { FinishedRun } from '../run/evaluate.js';
import { embedded, FIGURES_FOLDER, writeFigures } from './figure-files.js';

/** Into the folder of the run. */
export async function writeReports({ folder, header, rows }: FinishedRun): Promise<void> {
  const figures = await writeFigures(join(folder.path, FIGURES_FOLDER), drawFigures([{ header, rows }]));
  await folder.write('report.md', renderRunMarkdown(header, embedded(figures, folder.path)));
  if (header.sweep) await folder.write('sweep.csv', renderSweepCsv(header.sweep));
}

/** @param more reports that were written besides. */
export function asSaved({ header, folder }: FinishedRun, more: readonly string[] = []): SavedRun {
  return { header, folder: folder.path, reports: ['report.md', ...more] };
}

export function exitCodeOf(runs: readonly RunHeader[]): ExitCode {
  if (runs.some(({ status }) => status === 'interrupted')) return EXIT.interrupted;
  return runs.some(({ failures }) => failures.length > 0) ? EXIT.partial : EXIT.ok;
}
