import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import type { Judged } from '../policy/judged.js';
import { drawFigures } from '../report/figures/draw.js';
import { renderRunMarkdown } from '../report/markdown.js';
import { renderPolicyMarkdown } from '../report/policy.js';
import { renderRunsMarkdown } from '../report/runs-markdown.js';
import { readRun, type StoredRun } from '../result/run-folder.js';
import { judgeRun } from '../run/policy.js';
import { embedded, FIGURES_FOLDER, type SavedFigure, writeFigures } from './figure-files.js';
import { type AudioChoice, dataOfRuns, writeHtmlReport } from './html-report.js';
import { printLeaderboard } from './leaderboard.js';
import { collect, printJson, printWarnings, withExamples, withOutputFlags } from './options.js';

interface ReportFlags {
  readonly svg?: string;
  readonly md?: string;
  readonly html?: string;
  readonly timelines: boolean;
  readonly audio?: AudioChoice;
  readonly dataset?: readonly string[];
  readonly leaderboard?: boolean;
  readonly split?: 'dev' | 'test';
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function reportCommand(): Command {
  const command = new Command('report')
    .description('draw figures and write a report of one run or several, from their folders: no model runs')
    .argument('<run...>', 'run folders; their order is that of the colours; with --leaderboard also predictions')
    .addOption(new Option('--html <file>', 'write one page with tables, figures, timelines and every error'))
    .addOption(new Option('--no-timelines', 'a page without timelines: needs no data set'))
    .addOption(
      new Option(
        '--audio <how>',
        'let the page play the audio: in the page, or from the files of the data set',
      ).choices(['embed', 'link']),
    )
    .addOption(new Option('--svg <folder>', 'write each figure as an SVG file'))
    .addOption(new Option('--md <file>', 'write a Markdown report that shows the figures (in --svg, else beside it)'))
    .addOption(
      new Option(
        '-d, --dataset <name|folder>',
        'data set of the runs: for the timelines of --html, where its name does not lead to it; adds policies to --md (repeatable)',
      ).argParser(collect),
    )
    .addOption(
      new Option('--leaderboard', 'rank runs, or folders of predictions (with -d), by the public rule').conflicts([
        'svg',
        'audio',
      ]),
    )
    .addOption(
      new Option(
        '--split <name>',
        'which predictions-<split>.json --leaderboard reads (default: by the data set)',
      ).choices(['dev', 'test']),
    );
  return withExamples(
    withOutputFlags(command),
    'turnbench report results/2026… --html report.html',
    'turnbench report results/*silero* --html report.html -d ./my-data --audio link',
    'turnbench report results/2026… --svg figures',
    'turnbench report results/*silero* --md report.md',
    'turnbench report results/A results/B --md report.md -d eot:./turns -d ./my-data',
    'turnbench report --leaderboard results/* --html board.html',
    'turnbench report --leaderboard baselines results/A -d ./test-set --split test --json',
  ).action(runReport);
}

async function runReport(paths: readonly string[], flags: ReportFlags): Promise<void> {
  if (flags.leaderboard) return printLeaderboard(paths, flags);
  const { svg, md, html, split } = flags;
  if (split !== undefined) throw new UserError('--split chooses predictions for --leaderboard', { hint: 'add it' });
  if (svg === undefined && md === undefined && html === undefined) {
    throw new UserError('nothing to write was asked for', {
      hint: 'add --html <file>, --md <file> or --svg <folder>',
    });
  }
  const policies = await policySections(paths, flags);
  const runs: StoredRun[] = [];
  for (const path of paths) runs.push(await readRun(path));
  printWarnings(cautions(runs));
  if (html !== undefined) await writePage(html, runs, flags);
  const saved = svg === undefined && md === undefined ? [] : await saveFigures(runs, flags);
  if (md !== undefined) await writeMarkdown(md, runs, saved, policies);
  printSaved(saved, flags);
}

async function writePage(file: string, runs: readonly StoredRun[], flags: ReportFlags): Promise<void> {
  const { timelines, audio, quiet = false, dataset } = flags;
  if (audio && !timelines) throw new UserError('--audio plays in the timelines, which --no-timelines leaves out');
  const data = timelines ? await dataOfRuns(runs, dataset) : null;
  await writeHtmlReport({ file, runs, data, audio, quiet });
}

async function saveFigures(runs: readonly StoredRun[], { svg, md }: ReportFlags): Promise<SavedFigure[]> {
  const figures = drawFigures(runs);
  if (figures.length === 0 && md === undefined) {
    throw new UserError('there is nothing to draw: no run has a score', {
      hint: 'scores need annotations and at least one finished conversation: see the report.md of the run',
    });
  }
  return writeFigures(svg ?? join(dirname(md!), FIGURES_FOLDER), figures);
}

/** What the runs did in silences, under the protocol of each one's data set; nothing when no data set is named. */
async function policySections(paths: readonly string[], { dataset, md, html }: ReportFlags): Promise<string> {
  if (dataset === undefined || (md === undefined && html !== undefined)) return '';
  if (md === undefined) {
    throw new UserError('-d is for a page or a Markdown report', { hint: 'add --html <file> or --md <file>' });
  }
  const datasets = await Promise.all(dataset.map(openDataset));
  const judged: Judged[] = [];
  for (const path of paths) judged.push(...(await judgeRun(path, datasets, { seed: POLICY_SEED })));
  return `\n${renderPolicyMarkdown(judged)}`;
}

const POLICY_SEED = 1;

async function writeMarkdown(
  file: string,
  runs: readonly StoredRun[],
  figures: readonly SavedFigure[],
  policies: string,
): Promise<void> {
  const headers = runs.map(({ header }) => header);
  const shown = embedded(figures, dirname(file));
  await makeFolder(dirname(file));
  const [only] = headers;
  const text = headers.length === 1 ? renderRunMarkdown(only!, shown) : renderRunsMarkdown(headers, shown);
  await atomicWrite(file, text + policies);
}

function printSaved(figures: readonly SavedFigure[], { html = null, md = null, json }: SavedFiles): void {
  if (json) {
    printJson({
      html,
      md,
      figures: figures.map(({ figure: { name, title, caption }, file }) => ({ name, title, caption, file })),
    });
    return;
  }
  const files = [...figures.map(({ file }) => file), ...[md, html].filter((file) => file !== null)];
  process.stdout.write(files.map((file) => `saved  ${file}\n`).join(''));
}

interface SavedFiles {
  readonly html?: string | null;
  readonly md?: string | null;
  readonly json?: boolean;
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
