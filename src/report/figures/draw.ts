/** All figures of one run or several, those left out that have nothing to show. */

import { TASKS } from '../../core/events.js';
import { tagFigure } from './by-tag.js';
import { endpointFigure } from './endpointing.js';
import type { Figure } from './frame.js';
import { latencyHistogram } from './histogram.js';
import { paretoFigure } from './pareto.js';
import { type FigureRun, nameRuns } from './run.js';
import { latencyFigure, recallFigure } from './tradeoff.js';

/** @param runs in the order of their colours. */
export function drawFigures(runs: readonly FigureRun[]): Figure[] {
  const named = nameRuns(runs);
  const figures = [
    ...TASKS.flatMap((task) => [recallFigure(named, task), latencyFigure(named, task)]),
    endpointFigure(named),
    ...TASKS.map((task) => (named.length > 1 ? paretoFigure(named, task) : undefined)),
    ...TASKS.map((task) => latencyHistogram(named, task)),
    ...TASKS.map((task) => tagFigure(named, task)),
  ];
  return figures.filter((figure) => figure !== undefined);
}
