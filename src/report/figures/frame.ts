/** What all figures share: the document, its heading, the axes around a plot. */

import { element, escapeXml, fixed } from '../xml.js';
import type { Scale } from './scale.js';
import { FONT_FAMILY, FONT_SIZE, fitted, text } from './text.js';
import { figureStyle, fillOf, strokeOf } from './theme.js';

/** A figure as a file: a whole SVG document that needs nothing else. */
export interface Figure {
  /** File name without its ending; unique among the figures of a report. */
  readonly name: string;
  readonly title: string;
  /** What can be seen, in one or two sentences: for those who do not see it, and below it. */
  readonly caption: string;
  readonly svg: string;
}

/** Pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const WIDTH = 640;
/** Room for the heading. */
export const HEAD = 56;

export interface FigureText {
  readonly name: string;
  readonly title: string;
  /** Below the title: what was measured on what. */
  readonly subtitle: string;
  readonly caption: string;
}

export function figure(about: FigureText, height: number, parts: readonly string[]): Figure {
  const { name, title, subtitle, caption } = about;
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'tb-figure',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'aria-labelledby': `tb-${name}-title tb-${name}-desc`,
      'font-family': FONT_FAMILY,
      'font-size': FONT_SIZE,
      style: 'font-variant-numeric:tabular-nums',
    },
    element('title', { id: `tb-${name}-title` }, escapeXml(title)),
    element('desc', { id: `tb-${name}-desc` }, escapeXml(caption)),
    figureStyle(),
    element('rect', { width: WIDTH, height, ...fillOf('background') }),
    text(16, 24, fitted(title, WIDTH - 32, 15), 'text', { 'font-size': 15, 'font-weight': 600 }),
    text(16, 42, fitted(subtitle, WIDTH - 32), 'muted'),
    ...parts,
  );
  return { name, title, caption, svg: `${svg}\n` };
}

/** Grid, ticks and title of an axis below the plot. */
export function horizontalAxis(scale: Scale, plot: Box, title: string): string {
  const lines = scale.ticks.map((tick) => `M${fixed(scale.at(tick))} ${fixed(plot.top)}V${fixed(plot.bottom)}`);
  return [
    element('path', { d: lines.join(''), ...strokeOf('grid') }),
    element('path', { d: `M${fixed(plot.left)} ${fixed(plot.bottom)}H${fixed(plot.right)}`, ...strokeOf('axis') }),
    ...scale.ticks.map((tick) =>
      text(scale.at(tick), plot.bottom + 17, scale.label(tick), 'muted', { 'text-anchor': 'middle' }),
    ),
    text((plot.left + plot.right) / 2, plot.bottom + 36, title, 'text', { 'text-anchor': 'middle' }),
  ].join('');
}

/** The same at its left; the title stands upright above it, where it can be read. */
export function verticalAxis(scale: Scale, plot: Box, title: string): string {
  const lines = scale.ticks.map((tick) => `M${fixed(plot.left)} ${fixed(scale.at(tick))}H${fixed(plot.right)}`);
  return [
    element('path', { d: lines.join(''), ...strokeOf('grid') }),
    ...scale.ticks.map((tick) =>
      text(plot.left - 8, scale.at(tick) + 4, scale.label(tick), 'muted', { 'text-anchor': 'end' }),
    ),
    text(16, plot.top - 24, title, 'text'),
  ].join('');
}
