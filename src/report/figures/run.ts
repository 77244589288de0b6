/** What figures are drawn from. */

import type { Task } from '../../core/events.js';
import type { ConversationRow, RunHeader, SweepRow } from '../../result/schema.js';
import { counted, duration, threshold } from '../numbers.js';
import { runLabels } from '../run-labels.js';

export interface FigureRun {
  readonly header: RunHeader;
  /** Of all its conversations; empty = not at hand: then what needs them is not drawn. */
  readonly rows: readonly ConversationRow[];
}

/** A run among others: its name, and its place, which gives it its colour and shape in all figures. */
export interface NamedRun extends FigureRun {
  readonly name: string;
  readonly index: number;
}

export const TASK_NAMES: Readonly<Record<Task, string>> = { eot: 'Ends of turns', int: 'Interruptions' };

export function nameRuns(runs: readonly FigureRun[]): NamedRun[] {
  const names = runLabels(runs.map(({ header }) => header));
  return runs.map((run, index) => ({ ...run, index, name: names[index]! }));
}

/** What the runs ran on, said once when it is the same. */
export function dataOf(runs: readonly FigureRun[]): string {
  const texts = runs.map(({ header: { spec, totals } }) => {
    const size =
      totals === null
        ? ''
        : `, ${counted(totals.conversations, 'conversation')}, ${duration(totals.audio_hours * 3600)}`;
    return `${spec.dataset.name} ${spec.dataset.version}${size}`;
  });
  return [...new Set(texts)].join(' · ');
}

/** One threshold of a run. */
export function aboutRow(name: string, task: Task, row: SweepRow): string {
  return [
    `${name} at θ = ${threshold(row.threshold)}`,
    `recall ${value(row[`${task}_recall`], 3)}`,
    `false-positive rate ${value(row[`${task}_fp_rate`], 3)}`,
    `latency p50 ${value(row[`${task}_latency_p50_ms`], 0)} ms`,
  ].join('\n');
}

export function value(number: number | null, decimals: number): string {
  return number === null ? '—' : number.toFixed(decimals);
}
