/** Cut-off rate against endpoint latency over thresholds, and where models are compared at equal speed. */

import { COMPARED_EP50_MS } from '../../score/endpoint-curve.js';
import { threshold } from '../numbers.js';
import { type Curve, drawCurves, type Mark } from './curves.js';
import type { Figure } from './frame.js';
import { dataOf, type NamedRun, value } from './run.js';

export function endpointFigure(runs: readonly NamedRun[]): Figure | undefined {
  const curves = runs.flatMap(curveOf);
  if (curves.length === 0) return undefined;
  return drawCurves({
    name: 'endpoint-cutoff',
    title: 'Endpointing: turns cut off against latency',
    subtitle: dataOf(runs),
    caption: `Share of turns that were cut off against the median endpoint latency (EP50) over thresholds. ${runs.flatMap(spoken).join(' ')}`,
    x: { title: 'EP50, ms' },
    y: { title: 'cut-off rate', domain: [0, 1] },
    curves,
    limit: { x: COMPARED_EP50_MS, label: `${COMPARED_EP50_MS} ms` },
    chosenMeans: `cut-off rate where EP50 is ${COMPARED_EP50_MS} ms`,
  });
}

function curveOf({ name, index, header }: NamedRun): Curve[] {
  const points = (header.sweep ?? []).flatMap(({ threshold: theta, ep50_ms: x, cutoff_rate: y }) =>
    x === null || y === null
      ? []
      : [{ x, y, about: `${name} at θ = ${threshold(theta)}\nEP50 ${value(x, 0)} ms\ncut-off rate ${value(y, 3)}` }],
  );
  const marks: Mark[] = [];
  const scored = header.totals?.endpoint;
  if (scored && scored.ep50_ms !== null && scored.cutoff_rate !== null) {
    marks.push({
      kind: 'scored',
      x: scored.ep50_ms,
      y: scored.cutoff_rate,
      about: `${name}, as scored\nEP50 ${value(scored.ep50_ms, 0)} ms\ncut-off rate ${value(scored.cutoff_rate, 3)}\nmissed ${scored.missed} of ${scored.anchors}`,
      xInterval: scored.intervals.ep50_ms,
      yInterval: scored.intervals.cutoff_rate,
    });
  }
  const readOff = header.operating_points?.cutoff_rate_at_ep50_160_ms ?? null;
  if (readOff !== null) {
    const label = value(readOff, 3);
    marks.push({
      kind: 'chosen',
      x: COMPARED_EP50_MS,
      y: readOff,
      label,
      about: `${name}\ncut-off rate ${label} at EP50 = ${COMPARED_EP50_MS} ms`,
    });
  }
  return points.length + marks.length === 0 ? [] : [{ name, index, points, marks }];
}

function spoken({ name, header }: NamedRun): string[] {
  if (header.operating_points === null) return [];
  const readOff = header.operating_points.cutoff_rate_at_ep50_160_ms;
  return [
    readOff === null
      ? `${name}: the curve does not pass ${COMPARED_EP50_MS} ms.`
      : `${name}: ${value(readOff, 3)} at ${COMPARED_EP50_MS} ms.`,
  ];
}
