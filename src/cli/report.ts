import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../core/errors.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { drawFigures } from '../report/figures/draw.js';
import { renderRunMarkdown } from '../report/markdown.js';
import { renderRunsMarkdown } from '../report/runs-markdown.js';
import { readRun, type StoredRun } from '../result/run-folder.js';
import { embedded, FIGURES_FOLDER, type SavedFigure, writeFigures } from './figure-files.js';
import { printJson, printWarnings, withExamples, withOutputFlags } from './options.js';

interface ReportFlags {
  readonly svg?: string;
  readonly md?: string;
  readonly json?: boolean;
}

export function reportCommand(): Command {
  const command = new Command('report')
    .description('draw figures and write a report of one run or several, from their folders: no model runs')
    .argument('<run...>', 'run folders; their order is that of the colours')
    .addOption(new Option('--svg <folder>', 'write each figure as an SVG file'))
    .addOption(new Option('--md <file>', 'write a Markdown report that shows the figures (in --svg, else beside it)'));
  return withExamples(
    withOutputFlags(command),
    'turnbench report results/2026… --svg figures',
    'turnbench report results/*silero* --md report.md',
  ).action(runReport);
}

async function runReport(paths: readonly string[], flags: ReportFlags): Promise<void> {
  if (flags.svg === undefined && flags.md === undefined) {
    throw new UserError('nothing to write was asked for', { hint: 'add --svg <folder> or --md <file>' });
  }
  const runs: StoredRun[] = [];
  for (const path of paths) runs.push(await readRun(path));
  printWarnings(cautions(runs));
  const figures = drawFigures(runs);
  if (figures.length === 0 && flags.md === undefined) {
    throw new UserError('there is nothing to draw: no run has a score', {
      hint: 'scores need annotations and at least one finished conversation: see the report.md of the run',
    });
  }
  const saved = await writeFigures(flags.svg ?? join(dirname(flags.md!), FIGURES_FOLDER), figures);
  if (flags.md !== undefined) await writeMarkdown(flags.md, runs, saved);
  printSaved(saved, flags);
}

async function writeMarkdown(file: string, runs: readonly StoredRun[], figures: readonly SavedFigure[]): Promise<void> {
  const headers = runs.map(({ header }) => header);
  const shown = embedded(figures, dirname(file));
  await makeFolder(dirname(file));
  const [only] = headers;
  const text = headers.length === 1 ? renderRunMarkdown(only!, shown) : renderRunsMarkdown(headers, shown);
  await atomicWrite(file, text);
}

function printSaved(
  figures: readonly SavedFigure[],
  { md = null, json }: { md?: string | null; json?: boolean },
): void {
  if (json) {
    printJson({
      md,
      figures: figures.map(({ figure: { name, title, caption }, file }) => ({ name, title, caption, file })),
    });
    return;
  }
  const files = [...figures.map(({ file }) => file), ...(md === null ? [] : [md])];
  process.stdout.write(files.map((file) => `saved  ${file}\n`).join(''));
}

/** What makes runs hard to compare. */
function cautions(runs: readonly StoredRun[]): string[] {
  const data = new Set(runs.map(({ header: { spec } }) => `${spec.dataset.revision} ${spec.dataset.ids.join(',')}`));
  const unfinished = runs.filter(({ header }) => header.status !== 'success');
  return [
    ...(data.size > 1 ? ['these runs are not on the same conversations: their numbers do not compare'] : []),
    ...unfinished.map(({ path, header }) => `${path} is not a whole run: its status is '${header.status}'`),
  ];
}
