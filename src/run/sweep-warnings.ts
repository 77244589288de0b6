/** An operating point at the edge of what was tried: said with the run, because the number beside it may be too low. */

import { TASKS } from '../core/events.js';
import type { OperatingPoints } from '../result/schema.js';
import { gridEdge } from '../sweep/grid-edge.js';

/**
 * @param thresholds of the sweep, ascending.
 * @param ownThresholds whether they are the model's: then no flag adds others.
 */
export function sweepWarnings(
  points: OperatingPoints | null,
  thresholds: readonly number[],
  ownThresholds: boolean,
): string[] {
  return TASKS.flatMap((task) => {
    const row = points?.[task] ?? null;
    const advice =
      row && edgeAdvice(thresholds, row.threshold, row[`${task}_recall`], ownThresholds ? null : '--sweep');
    return advice ? [`${task.toUpperCase()}: ${advice}`] : [];
  });
}

/**
 * @param recall of the chosen row: with all found nothing is left to gain, with nothing found it was not chosen for it.
 * @param flag that takes a grid; null when the thresholds are the model's own.
 */
export function edgeAdvice(
  thresholds: readonly number[],
  chosen: number,
  recall: number | null,
  flag: string | null,
): string | undefined {
  const edge = recall === null || recall === 0 || recall === 1 ? undefined : gridEdge(thresholds, chosen);
  if (edge === undefined) return undefined;
  const remedy = flag === null ? 'let the model answer at more thresholds' : `try ${flag} ${edge.next}`;
  const beyond = edge.side === 'lowest' ? 'a lower' : 'a higher';
  return `the best threshold within the budget, ${chosen}, is the ${edge.side} that was tried; ${beyond} one may be better: ${remedy}`;
}
