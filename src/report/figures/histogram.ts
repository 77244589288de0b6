/** How latencies are spread: one panel per run above one another, so that all share their axis and their bins. */

import type { Task } from '../../core/events.js';
import { percentile, sortNumbers } from '../../stats/percentile.js';
import { element, fixed } from '../xml.js';
import { type Box, type Figure, figure, HEAD, horizontalAxis, WIDTH } from './frame.js';
import { dataOf, type NamedRun, TASK_NAMES, value } from './run.js';
import { linearScale, niceDomain, niceStep, type Scale } from './scale.js';
import { fitted, text, textWidth, tooltip } from './text.js';
import { fillOf, strokeOf } from './theme.js';

const PANEL_HEIGHT = 96;
const PANEL_GAP = 40;
/** Fewer bins hide what there is, more show chance. */
const BINS = 80;

export interface Bin {
  /** Inclusive, in the unit of the values. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly count: number;
}

interface Panel {
  readonly run: NamedRun;
  readonly latenciesMs: readonly number[];
}

export function latencyHistogram(runs: readonly NamedRun[], task: Task): Figure | undefined {
  const panels = runs
    .map((run): Panel => ({ run, latenciesMs: latenciesOf(run, task) }))
    .filter(({ latenciesMs }) => latenciesMs.length > 0);
  if (panels.length === 0) return undefined;
  const all = panels.flatMap(({ latenciesMs }) => latenciesMs);
  const [left, right] = [64, WIDTH - 24];
  const x = linearScale(niceDomain([0, ...all]), [left, right], 8);
  const top = HEAD + 34;
  const bottom = top + panels.length * (PANEL_HEIGHT + PANEL_GAP) - PANEL_GAP;
  return figure(
    {
      name: `${task}-latency-histogram`,
      title: `${TASK_NAMES[task]}: latencies`,
      subtitle: `${dataOf(runs)}; events per ${fixed(binWidth(all))} ms of latency; lines: p10, p50, p90`,
      caption: `Latencies of ${TASK_NAMES[task].toLowerCase()} that were found. ${panels.map(spoken).join(' ')}`,
    },
    bottom + 48,
    [
      horizontalAxis(x, { left, right, top: top - 14, bottom }, 'latency, ms'),
      ...panels.map((panel, i) => {
        const panelTop = top + i * (PANEL_HEIGHT + PANEL_GAP);
        return drawPanel(panel, x, { left, right, top: panelTop, bottom: panelTop + PANEL_HEIGHT }, binWidth(all));
      }),
    ],
  );
}

/** @returns bins of equal width from a multiple of it to the largest value, empty ones too. */
export function histogram(values: readonly number[], width: number): Bin[] {
  const counts = new Map<number, number>();
  for (const value of values) {
    const bin = Math.floor(value / width);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const numbers = [...counts.keys()].sort((a, b) => a - b);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    from: (first + i) * width,
    to: (first + i + 1) * width,
    count: counts.get(first + i) ?? 0,
  }));
}

function latenciesOf({ rows }: NamedRun, task: Task): number[] {
  return rows.flatMap((row) => (row.status === 'ok' && row.counts !== null ? row.counts[task].latencies_ms : []));
}

/** ms; whole, and at least that of a step. */
function binWidth(values: readonly number[]): number {
  const [low, high] = niceDomain([0, ...values]);
  return Math.max(20, niceStep(high - low, BINS));
}

function drawPanel({ run, latenciesMs }: Panel, x: Scale, panel: Box, width: number): string {
  const bins = histogram(latenciesMs, width);
  const most = bins.reduce((highest, { count }) => Math.max(highest, count), 0);
  const y = linearScale([0, most], [panel.bottom, panel.top], 3);
  const name = fitted(run.name, 300);
  return element(
    'g',
    {},
    ...bins
      .filter(({ count }) => count > 0)
      .map(({ from, to, count }) => {
        const [start, end] = [x.at(Math.max(from, x.domain[0])), x.at(Math.min(to, x.domain[1]))];
        const size = {
          x: start + 0.5,
          y: y.at(count),
          width: Math.max(0.5, end - start - 1),
          height: panel.bottom - y.at(count),
        };
        const about = `${run.name}\n${from} to ${to} ms: ${count}`;
        return element('rect', { ...size, ...fillOf(run.index), 'fill-opacity': '0.75' }, tooltip(about));
      }),
    element('path', { d: `M${fixed(panel.left)} ${fixed(panel.bottom)}H${fixed(panel.right)}`, ...strokeOf('axis') }),
    text(panel.left - 8, panel.bottom + 4, '0', 'muted', { 'text-anchor': 'end' }),
    text(panel.left - 8, panel.top + 4, String(most), 'muted', { 'text-anchor': 'end' }),
    text(panel.left, panel.top - 10, name, run.index, { 'font-weight': 600 }),
    text(panel.left + textWidth(name) + 14, panel.top - 10, numbersOf(latenciesMs), 'muted'),
    ...levels(latenciesMs).map((level) =>
      element('path', {
        d: `M${fixed(x.at(level))} ${fixed(panel.top - 4)}V${fixed(panel.bottom)}`,
        ...strokeOf('text'),
        'stroke-dasharray': '3 2',
        'data-mark': 'percentile',
      }),
    ),
  );
}

function levels(latenciesMs: readonly number[]): number[] {
  const sorted = sortNumbers(latenciesMs);
  return [10, 50, 90].map((level) => percentile(sorted, level / 100)!);
}

function numbersOf(latenciesMs: readonly number[]): string {
  const [p10, p50, p90] = levels(latenciesMs).map((level) => value(level, 0));
  return `n = ${latenciesMs.length}, p10 ${p10}, p50 ${p50}, p90 ${p90} ms`;
}

function spoken({ run, latenciesMs }: Panel): string {
  return `${run.name}: ${numbersOf(latenciesMs)}.`;
}
