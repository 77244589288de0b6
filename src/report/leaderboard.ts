/** A leaderboard for people: both tasks side by side in the order of EOT, then each task in its own order. */

import {
  FP_CEILING,
  type LeaderboardContext,
  type LeaderboardEntry,
  leaderboard,
  type PlacedEntry,
} from '../compare/leaderboard.js';
import { TASKS, type Task } from '../core/events.js';
import { html, trusted } from './html/html.js';
import { milliseconds, NOTHING, rate } from './numbers.js';
import { escapeMarkdown, renderMarkdown, renderText, type Table } from './table.js';

const RIGHT = { align: 'right' } as const;

const TASK_TITLES: Readonly<Record<Task, string>> = { eot: 'End of turn', int: 'Interruption' };

interface Section {
  readonly title: string;
  readonly table: Table;
}

export function renderLeaderboardText(entries: readonly LeaderboardEntry[], context: LeaderboardContext): string {
  const sections = sectionsOf(entries).map(({ title, table }) => `${title}\n\n${renderText(table)}`);
  return `${[headline(context), ...sections, NOTE].join('\n\n')}\n`;
}

export function renderLeaderboardMarkdown(entries: readonly LeaderboardEntry[], context: LeaderboardContext): string {
  const sections = sectionsOf(entries).map(({ title, table }) => `## ${title}\n\n${renderMarkdown(table)}`);
  return `${[`# ${escapeMarkdown(headline(context))}`, ...sections, NOTE].join('\n\n')}\n`;
}

/** One page that needs nothing else. */
export function renderLeaderboardHtml(entries: readonly LeaderboardEntry[], context: LeaderboardContext): string {
  const sections = sectionsOf(entries).map(
    ({ title, table: { columns, rows } }) => html`<h2>${title}</h2>
<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${column.align ?? 'left'}">${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td class="${columns[i]?.align ?? 'left'}">${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>
`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${headline(context)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<h1>${headline(context)}</h1>
${sections}<p>${NOTE}</p>
</body>
</html>
`.markup;
}

const NOTE =
  `Ranked by recall among entries with a false-positive rate of at most ${FP_CEILING}; entries over that ceiling stand ` +
  `below, without a rank. ${NOTHING}: nothing to measure, or a task in which the entry commits no event.`;

function headline({ dataset, split }: LeaderboardContext): string {
  return `Leaderboard: ${dataset} (${split})`;
}

function sectionsOf(entries: readonly LeaderboardEntry[]): Section[] {
  const boards = leaderboard(entries);
  return [
    { title: 'Overall, by end of turn', table: overallTable(boards.eot) },
    ...TASKS.map((task) => ({ title: TASK_TITLES[task], table: taskTable(boards[task], task) })),
  ];
}

function overallTable(board: readonly PlacedEntry[]): Table {
  const titles = TASKS.flatMap((task) =>
    ['#', 'recall', 'fp', 'p50 ms'].map((title) => `${task.toUpperCase()} ${title}`),
  );
  return {
    columns: [{ title: 'model' }, ...titles.map((title) => ({ title, ...RIGHT }))],
    rows: board.map((entry) => [
      entry.model,
      ...TASKS.flatMap((task) => {
        const { rank, recall, fpRate, latencies } = cellsOf(entry, task);
        return [rank, recall, fpRate, latencies[1]!];
      }),
    ]),
  };
}

function taskTable(board: readonly PlacedEntry[], task: Task): Table {
  const titles = ['recall', 'false-positive rate', 'latency p10 ms', 'p50 ms', 'p90 ms'];
  return {
    columns: [{ title: '#', ...RIGHT }, { title: 'model' }, ...titles.map((title) => ({ title, ...RIGHT }))],
    rows: board.map((entry) => {
      const { rank, recall, fpRate, latencies } = cellsOf(entry, task);
      return [rank, entry.model, recall, fpRate, ...latencies];
    }),
  };
}

function cellsOf({ tasks }: PlacedEntry, task: Task) {
  const placed = tasks[task];
  const { recall = null, fp_rate: fpRate = null } = placed?.score ?? {};
  const { p10 = null, p50 = null, p90 = null } = placed?.score.latency_ms ?? {};
  return {
    rank: placed?.rank?.toString() ?? (placed ? 'over' : NOTHING),
    recall: rate(recall),
    fpRate: rate(fpRate),
    latencies: [p10, p50, p90].map((value) => milliseconds(value)),
  };
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
th { font-weight: 600; } .left { text-align: left; } .right { text-align: right; }
`;
