/** The sweep of one task for people: the choices marked and listed, a long list of thresholds thinned out. */

import type { Task } from '../core/events.js';
import type { RunHeader, SweepRow } from '../result/schema.js';
import { KEPT_RECALL } from '../sweep/operating-point.js';
import { milliseconds, rate, threshold } from './numbers.js';
import { renderText, type Table } from './table.js';

export interface SweepTableRow {
  readonly threshold: number;
  readonly recall: number | null;
  readonly fp_rate: number | null;
  /** Known of probability files only. */
  readonly false_int_rate?: number | null;
  readonly latency_p10_ms: number | null;
  readonly latency_p50_ms: number | null;
  readonly latency_p90_ms: number | null;
  readonly cutoff_rate: number | null;
  readonly ep50_ms: number | null;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

/** The sweep of one task; choices are rows of it. */
export interface TaskSweep {
  readonly task: Task;
  readonly rows: readonly SweepTableRow[];
  readonly operating_point: SweepTableRow | null;
  readonly latency_first: SweepTableRow | null;
  readonly cutoff_first: SweepTableRow | null;
}

const CHOICES = [
  { key: 'operating_point', mark: '→', title: 'highest recall' },
  { key: 'latency_first', mark: 'latency', title: 'lowest latency p50' },
  { key: 'cutoff_first', mark: 'cut-off', title: 'lowest cut-off rate' },
] as const;

/** More rows than this are thinned out: the whole table is one `--json` away. */
const SHOWN_ROWS = 25;

/** @param fpBudget of the choices. */
export function renderTaskSweep(sweep: TaskSweep, fpBudget: number): string {
  const every = Math.ceil(sweep.rows.length / SHOWN_ROWS);
  const shown = sweep.rows.filter((row, i) => i % every === 0 || marksOf(sweep, row) !== '');
  const thinned = every > 1 ? `\n${shown.length} of ${sweep.rows.length} thresholds shown; --json has all` : '';
  return `${sweep.task.toUpperCase()} sweep\n\n${renderText(tableOf(sweep, shown))}\n\n${chosen(sweep, fpBudget)}${thinned}\n`;
}

/** Both tasks of a run that was swept. */
export function taskSweepsOf({ sweep, operating_points: points }: RunHeader): TaskSweep[] {
  if (sweep === null || points === null) return [];
  return (['eot', 'int'] as const).map((task) => {
    const chosenRow = (row: SweepRow | null | undefined) => (row ? taskRow(row, task) : null);
    return {
      task,
      rows: sweep.map((row) => taskRow(row, task)),
      operating_point: chosenRow(points[task]),
      latency_first: chosenRow(points.latency_first?.[task]),
      cutoff_first: task === 'eot' ? chosenRow(points.cutoff_first) : null,
    };
  });
}

/** Titles of the choices that a row is, several when they coincide. */
export function choicesAt(sweep: TaskSweep): { readonly titles: readonly string[]; readonly row: SweepTableRow }[] {
  const rows = CHOICES.flatMap(({ key }) => sweep[key] ?? []);
  const distinct = rows.filter((row, i) => rows.findIndex((other) => other.threshold === row.threshold) === i);
  return distinct.map((row) => ({
    row,
    titles: CHOICES.filter(({ key }) => sweep[key]?.threshold === row.threshold).map(({ title }) => title),
  }));
}

function tableOf(sweep: TaskSweep, shown: readonly SweepTableRow[]): Table {
  const columns: readonly (readonly [title: string, cell: (row: SweepTableRow) => string])[] = [
    ['θ', (row) => threshold(Number(row.threshold.toPrecision(6)))],
    ['recall', (row) => rate(row.recall)],
    ['false-positive rate', (row) => rate(row.fp_rate)],
    ...(shown.some((row) => row.false_int_rate !== undefined)
      ? [['false INT rate', (row: SweepTableRow) => rate(row.false_int_rate ?? null)] as const]
      : []),
    ['p10 ms', (row) => milliseconds(row.latency_p10_ms)],
    ['p50 ms', (row) => milliseconds(row.latency_p50_ms)],
    ['p90 ms', (row) => milliseconds(row.latency_p90_ms)],
    ...(sweep.task === 'eot'
      ? [
          ['cut-off rate', (row: SweepTableRow) => rate(row.cutoff_rate)] as const,
          ['EP50 ms', (row: SweepTableRow) => milliseconds(row.ep50_ms)] as const,
        ]
      : []),
    ['tp', (row) => String(row.tp)],
    ['fp', (row) => String(row.fp)],
    ['fn', (row) => String(row.fn)],
  ];
  return {
    columns: [{ title: '' }, ...columns.map(([title]) => ({ title, align: 'right' as const }))],
    rows: shown.map((row) => [marksOf(sweep, row), ...columns.map(([, cell]) => cell(row))]),
  };
}

function marksOf(sweep: TaskSweep, row: SweepTableRow): string {
  return CHOICES.filter(({ key }) => sweep[key]?.threshold === row.threshold)
    .map(({ mark }) => mark)
    .join(' ');
}

function chosen(sweep: TaskSweep, fpBudget: number): string {
  if (sweep.operating_point === null) return `no threshold keeps the false-positive rate within ${fpBudget}`;
  return CHOICES.flatMap(({ key, mark, title }) => {
    const row = sweep[key];
    if (row === null) return [];
    const condition = key === 'operating_point' ? '' : `, keeping ${KEPT_RECALL} of that recall`;
    return [`${mark}: ${title} with a false-positive rate of at most ${fpBudget}${condition}: θ = ${row.threshold}`];
  }).join('\n');
}

function taskRow(row: SweepRow, task: Task): SweepTableRow {
  return {
    threshold: row.threshold,
    recall: row[`${task}_recall`],
    fp_rate: row[`${task}_fp_rate`],
    latency_p10_ms: row[`${task}_latency_p10_ms`],
    latency_p50_ms: row[`${task}_latency_p50_ms`],
    latency_p90_ms: row[`${task}_latency_p90_ms`],
    cutoff_rate: row.cutoff_rate,
    ep50_ms: row.ep50_ms,
    tp: row[`${task}_tp`],
    fp: row[`${task}_fp`],
    fn: row[`${task}_fn`],
  };
}
