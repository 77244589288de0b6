/** What a threshold trades: recall, or latency, against false positives. One figure per task. */

import type { Task } from '../../core/events.js';
import { operatingThreshold } from '../../result/operating-threshold.js';
import type { SweepRow, Totals } from '../../result/schema.js';
import { threshold } from '../numbers.js';
import { type Curve, type CurvePoint, drawCurves, type Mark } from './curves.js';
import type { Figure } from './frame.js';
import { aboutRow, dataOf, type NamedRun, TASK_NAMES, value } from './run.js';

const FP_RATE = 'false-positive rate';
const UNIT: readonly [number, number] = [0, 1];

type TaskTotals = Totals['eot'];

export function recallFigure(runs: readonly NamedRun[], task: Task): Figure | undefined {
  const sides: Sides = {
    ofRow: (row) => row[`${task}_recall`],
    ofTotals: (totals) => totals.recall,
    intervalOf: (totals) => totals.intervals.recall,
  };
  const curves = curvesOf(runs, task, sides);
  if (curves.length === 0) return undefined;
  return drawCurves({
    name: `${task}-recall`,
    title: `${TASK_NAMES[task]}: recall against false positives`,
    subtitle: dataOf(runs),
    caption: `Recall of ${TASK_NAMES[task].toLowerCase()} against the false-positive rate over thresholds. ${spoken(runs, task)}`,
    x: { title: FP_RATE, domain: UNIT },
    y: { title: 'recall', domain: UNIT },
    curves,
    ...budgetOf(runs),
  });
}

export function latencyFigure(runs: readonly NamedRun[], task: Task): Figure | undefined {
  const sides: Sides = {
    ofRow: (row) => row[`${task}_latency_p50_ms`],
    ofTotals: (totals) => totals.latency_ms.p50,
    intervalOf: (totals) => totals.intervals.latency_ms.p50,
  };
  const curves = curvesOf(runs, task, sides);
  if (curves.length === 0) return undefined;
  return drawCurves({
    name: `${task}-latency`,
    title: `${TASK_NAMES[task]}: latency against false positives`,
    subtitle: dataOf(runs),
    caption: `Median latency of ${TASK_NAMES[task].toLowerCase()} that were found, against the false-positive rate, over thresholds. ${spoken(runs, task)}`,
    x: { title: FP_RATE, domain: UNIT },
    y: { title: 'latency p50, ms' },
    curves,
    ...budgetOf(runs),
  });
}

/** Where the second number of a point comes from. */
interface Sides {
  ofRow(row: SweepRow): number | null;
  ofTotals(totals: TaskTotals): number | null;
  intervalOf(totals: TaskTotals): readonly [number, number] | null;
}

function curvesOf(runs: readonly NamedRun[], task: Task, sides: Sides): Curve[] {
  return runs.flatMap((run): Curve[] => {
    const points = (run.header.sweep ?? []).flatMap((row) => rowPoint(run, task, row, sides));
    const marks = [...scoredMark(run, task, sides), ...chosenMark(run, task, sides)];
    return points.length + marks.length === 0 ? [] : [{ name: run.name, index: run.index, points, marks }];
  });
}

function rowPoint({ name }: NamedRun, task: Task, row: SweepRow, sides: Sides): CurvePoint[] {
  const [x, y] = [row[`${task}_fp_rate`], sides.ofRow(row)];
  return x === null || y === null ? [] : [{ x, y, about: aboutRow(name, task, row) }];
}

/** Where the run's totals are. */
function scoredMark({ name, header }: NamedRun, task: Task, sides: Sides): Mark[] {
  const totals = header.totals?.[task];
  if (!totals) return [];
  const [x, y] = [totals.fp_rate, sides.ofTotals(totals)];
  if (x === null || y === null) return [];
  const at = operatingThreshold(header, task);
  const about = [
    `${name}, as scored${at === null ? '' : ` at θ = ${threshold(at)}`}`,
    `recall ${value(totals.recall, 3)}`,
    `${FP_RATE} ${value(totals.fp_rate, 3)}`,
    `latency p50 ${value(totals.latency_ms.p50, 0)} ms`,
  ].join('\n');
  const xInterval = totals.intervals.fp_rate;
  return [{ kind: 'scored', x, y, about, xInterval, yInterval: sides.intervalOf(totals) }];
}

function chosenMark(run: NamedRun, task: Task, sides: Sides): Mark[] {
  const row = run.header.operating_points?.[task];
  if (!row) return [];
  return rowPoint(run, task, row, sides).map((point) => ({
    ...point,
    kind: 'chosen',
    label: `θ ${threshold(row.threshold)}`,
  }));
}

/** The line and the meaning of rings, when all runs chose under the same budget. */
function budgetOf(runs: readonly NamedRun[]) {
  const budgets = new Set(runs.flatMap(({ header }) => header.operating_points?.fp_budget ?? []));
  const [budget] = budgets;
  if (budget === undefined || budgets.size > 1) return {};
  return {
    limit: { x: budget, label: `budget ${budget}` },
    chosenMeans: 'highest recall within the budget',
  };
}

function spoken(runs: readonly NamedRun[], task: Task): string {
  return runs
    .flatMap(({ name, header }) => {
      const row = header.operating_points?.[task];
      if (header.operating_points === null) return [];
      if (!row) return [`${name}: no threshold is within the false-positive budget.`];
      return [
        `${name}: within the budget at threshold ${threshold(row.threshold)}, recall ${value(row[`${task}_recall`], 3)}, ${FP_RATE} ${value(row[`${task}_fp_rate`], 3)}.`,
      ];
    })
    .join(' ');
}
