/** What a command that has made runs says of them. */

import { EXIT, type ExitCode } from '../core/errors.js';
import type { SavedRun } from '../report/summary.js';
import type { RunHeader } from '../result/schema.js';
import type { FinishedRun } from '../run/evaluate.js';

/** @param more reports that were written beside the one that every run has. */
export function asSaved({ header, folder }: FinishedRun, more: readonly string[] = []): SavedRun {
  return { header, folder: folder.path, reports: ['report.md', ...more] };
}

export function exitCodeOf(runs: readonly RunHeader[]): ExitCode {
  if (runs.some(({ status }) => status === 'interrupted')) return EXIT.interrupted;
  return runs.some(({ failures }) => failures.length > 0) ? EXIT.partial : EXIT.ok;
}
