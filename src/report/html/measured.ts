/** A measured number in a table cell: value, interval, how many it was measured on; rates also as a small picture. */

import { milliseconds, NOTHING, rate } from '../numbers.js';
import { element } from '../xml.js';
import { type Html, html, trusted } from './html.js';

export interface Measured {
  readonly value: number | null;
  /** 95 %. */
  readonly interval: readonly [number, number] | null;
  /** What was measured on, such as `125` or `24 000 steps`. */
  readonly n: string;
}

/**
 * @param series whose colour the picture has.
 * @param rows that the cell spans.
 */
export function rateCell(measured: Measured, series: number, rows = 1): Html {
  const { value, interval, n } = measured;
  const picture = value === null ? null : trusted(dotAndRange(value, interval, series));
  return cell(rate(value, interval), n, value, picture, rows);
}

export function millisecondsCell({ value, interval, n }: Measured): Html {
  return cell(milliseconds(value, interval), n, value, null, 1);
}

/** The text of the terminal and of Markdown, taken apart: numbers are written the same everywhere. */
function cell(text: string, n: string, value: number | null, picture: Html | null, rows: number): Html {
  const [shown = '', interval] = value === null ? [NOTHING] : text.split(' [');
  const range = interval === undefined ? null : html`<span class="interval">[${interval}</span> `;
  return html`<td class="number" rowspan="${rows}"><span class="line">${picture}<span class="value">${shown}</span></span><small>${range}<span class="n">n ${n}</span></small></td>`;
}

const WIDTH = 64;
const HEIGHT = 8;

/** From 0 at the left to 1 at the right. It repeats the numbers, so it is not read aloud. */
function dotAndRange(value: number, interval: readonly [number, number] | null, series: number): string {
  const x = (part: number) => 4 + Math.min(1, Math.max(0, part)) * (WIDTH - 8);
  const middle = HEIGHT / 2;
  const class_ = `series-${(series % 8) + 1}`;
  const whisker = interval
    ? element('path', { d: `M${x(interval[0]).toFixed(1)} ${middle}H${x(interval[1]).toFixed(1)}`, class: 'whisker' })
    : '';
  return element(
    'svg',
    {
      class: `range ${class_}`,
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      'aria-hidden': 'true',
    },
    element('path', { d: `M4 ${middle}H${WIDTH - 4}`, class: 'track' }),
    whisker,
    element('circle', { cx: x(value), cy: middle, r: 2.6 }),
  );
}
