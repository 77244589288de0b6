/** What marks mean, in lines below a plot. */

import { element } from '../xml.js';
import { WIDTH } from './frame.js';
import { fitted, text, textWidth } from './text.js';
import { fillOf, markPath, strokeOf } from './theme.js';

export interface LegendEntry {
  readonly mark: 'point' | 'scored' | 'chosen' | 'front' | 'none';
  /** Of the series; absent = of no series in particular. */
  readonly index?: number;
  readonly text: string;
}

const LINE = 20;
const SYMBOL = 22;
const GAP = 20;

interface Placed extends LegendEntry {
  readonly x: number;
  readonly line: number;
}

/** @returns pixels, with room below. */
export function legendHeight(entries: readonly LegendEntry[]): number {
  return entries.length === 0 ? 0 : (arranged(entries).at(-1)!.line + 1) * LINE;
}

export function legend(entries: readonly LegendEntry[], left: number, top: number): string {
  return arranged(entries)
    .map(({ mark, index, text: words, x, line }) => {
      const y = top + line * LINE;
      const indent = mark === 'none' ? 0 : SYMBOL;
      return symbol(mark, index, left + x + 8, y - 4) + text(left + x + indent, y, words, 'muted');
    })
    .join('');
}

function arranged(entries: readonly LegendEntry[]): Placed[] {
  let x = 0;
  let line = 0;
  return entries.map((entry) => {
    const words = fitted(entry.text, WIDTH - 32 - SYMBOL);
    const width = (entry.mark === 'none' ? 0 : SYMBOL) + textWidth(words);
    if (x > 0 && x + width > WIDTH - 32) {
      x = 0;
      line++;
    }
    const placed = { ...entry, text: words, x, line };
    x += width + GAP;
    return placed;
  });
}

function symbol(mark: LegendEntry['mark'], index: number | undefined, x: number, y: number): string {
  const colour = index ?? 'muted';
  const transform = `translate(${x} ${y})`;
  if (mark === 'none') return '';
  if (mark === 'chosen') return element('circle', { cx: x, cy: y, r: 6.5, ...strokeOf(colour), 'stroke-width': 2 });
  if (mark === 'front') {
    return element('path', {
      d: `M${x - 9} ${y}h18`,
      ...strokeOf('text'),
      'stroke-width': '1.5',
      'stroke-dasharray': '6 3',
    });
  }
  const whiskers =
    mark === 'scored' ? element('path', { d: `M${x - 9} ${y}h18M${x} ${y - 8}v16`, ...strokeOf(colour) }) : '';
  const r = mark === 'scored' ? 5 : index === undefined ? 2.4 : 4;
  return whiskers + element('path', { d: markPath(index ?? 0, r), transform, ...fillOf(colour) });
}
