/**
 * Which model, at which threshold, is worth having: latency against false positives over all runs, and the front of
 * those that none beats in both. Only what finds enough counts: a model that hardly answers is early and rarely wrong.
 */

import type { Task } from '../../core/events.js';
import { type Curve, drawCurves } from './curves.js';
import type { Figure } from './frame.js';
import { aboutRow, dataOf, type NamedRun, TASK_NAMES } from './run.js';

/** Recall from which on a threshold counts. */
export const PARETO_RECALL = 0.5;

export function paretoFigure(runs: readonly NamedRun[], task: Task): Figure | undefined {
  const curves = runs.flatMap((run) => curveOf(run, task));
  if (curves.length === 0) return undefined;
  const owners = curves.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })));
  const front = paretoFront(owners);
  const models = [...new Set(front.map(({ name }) => name))];
  return drawCurves({
    name: `${task}-pareto`,
    title: `${TASK_NAMES[task]}: latency against false positives, best of all`,
    subtitle: `${dataOf(runs)}; thresholds with a recall of at least ${PARETO_RECALL}`,
    caption: `Median latency against the false-positive rate of all thresholds with a recall of at least ${PARETO_RECALL}. On the front, the fastest first: ${models.join(', ')}.`,
    x: { title: 'latency p50, ms' },
    y: { title: 'false-positive rate', domain: [0, 1] },
    curves,
    joined: false,
    front: { points: front, means: 'no other is both faster and more often right' },
  });
}

/**
 * Points that no other one beats: none is at most as large in both and smaller in one.
 * @returns ascending in x, descending in y; of equal points the first.
 */
export function paretoFront<Point extends { readonly x: number; readonly y: number }>(
  points: readonly Point[],
): Point[] {
  const front: Point[] = [];
  for (const point of [...points].sort((a, b) => a.x - b.x || a.y - b.y)) {
    if (front.length === 0 || point.y < front.at(-1)!.y) front.push(point);
  }
  return front;
}

function curveOf({ name, index, header }: NamedRun, task: Task): Curve[] {
  const points = (header.sweep ?? []).flatMap((row) => {
    const [x, y, recall] = [row[`${task}_latency_p50_ms`], row[`${task}_fp_rate`], row[`${task}_recall`]];
    if (x === null || y === null || recall === null || recall < PARETO_RECALL) return [];
    return [{ x, y, about: aboutRow(name, task, row) }];
  });
  return points.length === 0 ? [] : [{ name, index, points, marks: [] }];
}
