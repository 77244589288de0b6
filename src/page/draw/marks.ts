/** What became of events: each class has its own shape and its own colour. */

import type { Palette } from './palette.js';

export type MarkKind = 'tp' | 'fp' | 'fn' | 'ignored';

type Context = CanvasRenderingContext2D;

/** ● right, ✕ wrong, ○ missed, • small: not counted. */
export function drawMark(context: Context, kind: MarkKind, x: number, y: number, palette: Palette): void {
  context.save();
  context.fillStyle = palette[kind];
  context.strokeStyle = palette[kind];
  context.lineWidth = 2.2;
  context.beginPath();
  if (kind === 'fp') {
    context.moveTo(x - 4, y - 4);
    context.lineTo(x + 4, y + 4);
    context.moveTo(x + 4, y - 4);
    context.lineTo(x - 4, y + 4);
    context.stroke();
  } else {
    context.arc(x, y, RADIUS[kind], 0, 2 * Math.PI);
    if (kind === 'fn') context.stroke();
    else context.fill();
  }
  context.restore();
}

const RADIUS = { tp: 4.5, fn: 4.8, ignored: 2 } as const;
