/**
 * A plane with one curve per run: each point is one threshold, neighbours in threshold are joined. Points that matter
 * are marked: filled with its interval where the run was scored, ringed where a threshold was chosen.
 */

import { type Attributes, element, fixed } from '../xml.js';
import { type Box, type Figure, type FigureText, figure, HEAD, horizontalAxis, verticalAxis, WIDTH } from './frame.js';
import { type Label, type Point, placeLabels } from './labels.js';
import { type LegendEntry, legend, legendHeight } from './legend.js';
import { linearScale, niceDomain, type Scale } from './scale.js';
import { fitted, text, textWidth, tooltip } from './text.js';
import { fillOf, markPath, strokeOf } from './theme.js';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Said when a pointer rests on it. */
  readonly about: string;
}

export interface Mark extends CurvePoint {
  readonly kind: 'scored' | 'chosen';
  /** Written beside it; absent = nothing. */
  readonly label?: string | undefined;
  readonly xInterval?: readonly [number, number] | null;
  readonly yInterval?: readonly [number, number] | null;
}

export interface Curve {
  readonly name: string;
  /** Of its colour and shape. */
  readonly index: number;
  readonly points: readonly CurvePoint[];
  readonly marks: readonly Mark[];
}

export interface Axis {
  readonly title: string;
  /** Ends of the axis; absent = around all values, with 0. */
  readonly domain?: readonly [number, number];
}

export interface CurveFigure extends FigureText {
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
  /** A vertical line that says where something is compared or allowed. */
  readonly limit?: { readonly x: number; readonly label: string };
  /** What a ring means; absent when there are none. */
  readonly chosenMeans?: string;
  /** Points joined by steps over all curves, with what they mean. */
  readonly front?: { readonly points: readonly Point[]; readonly means: string };
  /** Whether neighbouring thresholds are joined. Default true. */
  readonly joined?: boolean;
}

/** Below the title of the axis, and the label of the limit. */
const PLOT_TOP = HEAD + 42;
const PLOT_HEIGHT = 320;
const POINT_R = 2.4;
/** Of points that no line joins. */
const LONE_POINT_R = 3.4;
const SCORED_R = 5;
/** A name beside a curve leaves room for curves. */
const NAME_WIDTH = 200;
const CHOSEN_R = 9;
/** Distance of obstacles along a curve, pixels. */
const OBSTACLE_STEP = 5;

export function drawCurves(content: CurveFigure): Figure {
  const { curves, limit } = content;
  const key = keyOf(content);
  const plot: Box = { left: 64, right: WIDTH - 24, top: PLOT_TOP, bottom: PLOT_TOP + PLOT_HEIGHT };
  const x = linearScale(domainOf(content, 'x'), [plot.left, plot.right]);
  const y = linearScale(domainOf(content, 'y'), [plot.bottom, plot.top]);
  const obstacles = obstaclesOf(content, x, y, plot);
  const markLabels = markLabelsOf(curves, x, y);
  const nameLabels = curves.map((curve) => nameLabel(curve, x, y));
  const places = placeLabels([...markLabels, ...nameLabels], plot, obstacles);
  // Names that find no room go to the legend; the labels of marks stay where they can.
  const labels = places ? [...markLabels, ...nameLabels] : markLabels;
  const placed = places ?? placeLabels(markLabels, plot, obstacles);
  const names: LegendEntry[] = places ? [] : curves.map(({ name, index }) => ({ mark: 'point', index, text: name }));
  const entries = [...names, ...key];
  const legendTop = plot.bottom + 60;
  return figure(content, legendTop + legendHeight(entries), [
    horizontalAxis(x, plot, content.x.title),
    verticalAxis(y, plot, content.y.title),
    ...(limit ? [drawLimit(limit, x, plot)] : []),
    ...(content.front ? [drawFront(content.front.points, x, y)] : []),
    ...curves.map((curve) => drawCurve(curve, x, y, content.joined ?? true)),
    ...(placed ? drawLabels(curves, labels, placed, markLabels.length) : []),
    legend(entries, 16, legendTop),
  ]);
}

function keyOf({ curves, chosenMeans, front }: CurveFigure): LegendEntry[] {
  const marks = curves.flatMap((curve) => curve.marks);
  const has = (kind: Mark['kind']) => marks.some((mark) => mark.kind === kind);
  const intervals = marks.some(({ xInterval, yInterval }) => xInterval || yInterval);
  return [
    ...(curves.some(({ points }) => points.length > 0) ? [{ mark: 'point', text: 'one threshold' } as const] : []),
    ...(has('scored')
      ? [{ mark: 'scored', text: `as scored${intervals ? ', with 95 % intervals' : ''}` } as const]
      : []),
    ...(has('chosen') && chosenMeans ? [{ mark: 'chosen', text: chosenMeans } as const] : []),
    ...(front && front.points.length > 0 ? [{ mark: 'front', text: front.means } as const] : []),
  ];
}

function domainOf({ x, y, curves, limit }: CurveFigure, side: 'x' | 'y'): readonly [number, number] {
  const { domain } = side === 'x' ? x : y;
  if (domain) return domain;
  const values = curves.flatMap(({ points, marks }) => [...points, ...marks]).map((point) => point[side]);
  return niceDomain([0, ...values, ...(side === 'x' && limit ? [limit.x] : [])]);
}

function drawCurve({ index, points, marks }: Curve, x: Scale, y: Scale, joined: boolean): string {
  const at = (point: Point): string => `${fixed(x.at(point.x))} ${fixed(y.at(point.y))}`;
  const line = element('path', {
    d: points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(point)}`).join(''),
    ...strokeOf(index),
    'stroke-width': '1.5',
    'stroke-opacity': '0.6',
    'stroke-linejoin': 'round',
  });
  return element(
    'g',
    {},
    ...(joined && points.length > 1 ? [line] : []),
    ...points.map((point) => drawMark(point, index, joined ? POINT_R : LONE_POINT_R, x, y, { 'data-mark': 'point' })),
    ...marks.map((mark) =>
      mark.kind === 'chosen'
        ? element(
            'circle',
            {
              cx: x.at(mark.x),
              cy: y.at(mark.y),
              r: CHOSEN_R,
              ...strokeOf(index),
              'stroke-width': 2,
              'data-mark': 'chosen',
            },
            tooltip(mark.about),
          )
        : drawWhiskers(mark, index, x, y) + drawMark(mark, index, SCORED_R, x, y, { 'data-mark': 'scored' }),
    ),
  );
}

function drawMark(point: CurvePoint, index: number, r: number, x: Scale, y: Scale, more: Attributes = {}): string {
  const transform = `translate(${fixed(x.at(point.x))} ${fixed(y.at(point.y))})`;
  return element('path', { d: markPath(index, r), transform, ...fillOf(index), ...more }, tooltip(point.about));
}

function drawWhiskers({ x, y, xInterval, yInterval }: Mark, index: number, xScale: Scale, yScale: Scale): string {
  const parts: string[] = [];
  if (xInterval) {
    const [low, high] = clamped(xInterval, xScale);
    parts.push(`M${fixed(xScale.at(low))} ${fixed(yScale.at(y))}H${fixed(xScale.at(high))}`);
  }
  if (yInterval) {
    const [low, high] = clamped(yInterval, yScale);
    parts.push(`M${fixed(xScale.at(x))} ${fixed(yScale.at(low))}V${fixed(yScale.at(high))}`);
  }
  if (parts.length === 0) return '';
  return element('path', { d: parts.join(''), ...strokeOf(index), 'stroke-width': '1.2' });
}

/** An interval may be wider than the axis. */
function clamped([low, high]: readonly [number, number], { domain }: Scale): [number, number] {
  return [Math.max(low, domain[0]), Math.min(high, domain[1])];
}

function drawLimit(limit: { readonly x: number; readonly label: string }, x: Scale, plot: Box): string {
  const at = x.at(limit.x);
  const toLeft = at + textWidth(limit.label) + 8 > plot.right;
  return [
    element('path', {
      d: `M${fixed(at)} ${fixed(plot.top)}V${fixed(plot.bottom)}`,
      ...strokeOf('muted'),
      'stroke-dasharray': '4 3',
      'data-mark': 'limit',
    }),
    text(at, plot.top - 6, limit.label, 'muted', { 'text-anchor': toLeft ? 'end' : 'middle' }),
  ].join('');
}

/** Steps between the best points: no point of any curve lies beyond them. */
function drawFront(points: readonly Point[], x: Scale, y: Scale): string {
  const steps = points.map((point, i) =>
    i === 0 ? `M${fixed(x.at(point.x))} ${fixed(y.at(point.y))}` : `H${fixed(x.at(point.x))}V${fixed(y.at(point.y))}`,
  );
  return element('path', {
    d: steps.join(''),
    ...strokeOf('text'),
    'stroke-width': '1.5',
    'stroke-dasharray': '6 3',
    'data-mark': 'front',
  });
}

function markLabelsOf(curves: readonly Curve[], x: Scale, y: Scale): Label[] {
  return curves.flatMap(({ marks }) =>
    marks.flatMap(({ label, x: markX, y: markY }) =>
      label === undefined
        ? []
        : [{ text: label, width: textWidth(label, 11), anchors: around({ x: x.at(markX), y: y.at(markY) }) }],
    ),
  );
}

/** A ring keeps its label at a distance. */
function around({ x, y }: Point): Point[] {
  return [
    { x: x + 7, y },
    { x: x - 7, y },
    { x, y: y + 7 },
    { x, y: y - 7 },
  ];
}

/** Best at the ends of the curve, then along it. */
function nameLabel({ name, points, marks }: Curve, x: Scale, y: Scale): Label {
  const short = fitted(name, NAME_WIDTH);
  const pixels = [...points, ...marks].map((point) => ({ x: x.at(point.x), y: y.at(point.y) }));
  const ends = pixels.length > 1 ? [pixels[pixels.length - 1]!, pixels[0]!] : [];
  return { text: short, width: textWidth(short), anchors: [...ends, ...pixels] };
}

function drawLabels(
  curves: readonly Curve[],
  labels: readonly Label[],
  places: readonly Point[],
  marks: number,
): string[] {
  const owners = [
    ...curves.flatMap((curve) => curve.marks.flatMap(({ label }) => (label === undefined ? [] : [curve]))),
    ...curves,
  ];
  return labels.map((label, i) =>
    text(places[i]!.x, places[i]!.y, label.text, owners[i]!.index, {
      'font-size': i < marks ? 11 : undefined,
      'font-weight': i < marks ? undefined : 600,
    }),
  );
}

/** Everything that a label must not cover. */
function obstaclesOf({ curves, limit, front, joined = true }: CurveFigure, x: Scale, y: Scale, plot: Box): Point[] {
  const obstacles: Point[] = [];
  const along = (from: Point, to: Point): void => {
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / OBSTACLE_STEP));
    for (let i = 0; i <= steps; i++) {
      obstacles.push({ x: from.x + ((to.x - from.x) * i) / steps, y: from.y + ((to.y - from.y) * i) / steps });
    }
  };
  const pixel = (point: Point): Point => ({ x: x.at(point.x), y: y.at(point.y) });
  for (const { points, marks } of curves) {
    for (const [i, point] of points.entries()) along(pixel(points[joined && i > 0 ? i - 1 : i]!), pixel(point));
    for (const { x: atX, y: atY, xInterval, yInterval, kind } of marks) {
      const centre = pixel({ x: atX, y: atY });
      const r = kind === 'chosen' ? CHOSEN_R : SCORED_R;
      along({ x: centre.x - r, y: centre.y }, { x: centre.x + r, y: centre.y });
      along({ x: centre.x, y: centre.y - r }, { x: centre.x, y: centre.y + r });
      if (xInterval) along(pixel({ x: xInterval[0], y: atY }), pixel({ x: xInterval[1], y: atY }));
      if (yInterval) along(pixel({ x: atX, y: yInterval[0] }), pixel({ x: atX, y: yInterval[1] }));
    }
  }
  for (const [i, point] of (front?.points ?? []).entries()) {
    const before = front!.points[i - 1] ?? point;
    along(pixel(before), pixel({ x: point.x, y: before.y }));
    along(pixel({ x: point.x, y: before.y }), pixel(point));
  }
  if (limit) along({ x: x.at(limit.x), y: plot.top }, { x: x.at(limit.x), y: plot.bottom });
  return obstacles;
}
