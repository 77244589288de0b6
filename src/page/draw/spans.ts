/** Stretches of time as rectangles, plain or hatched. Nothing is drawn of what is out of sight. */

import type { Interval } from '../../core/gold.js';
import type { Spans } from '../../score/interval-set.js';
import { type Lane, type Scene, xOf } from './scene.js';

type Context = CanvasRenderingContext2D;

export function isSeen({ view }: Scene, startS: number, endS = startS): boolean {
  return endS >= view.startS && startS <= view.endS;
}

/** In the fill of the context. @returns where it was drawn, pixels; undefined out of sight. */
export function fillSpan(
  context: Context,
  scene: Scene,
  span: Interval,
  lane: Lane,
): { readonly x: number; readonly width: number } | undefined {
  const at = placeOf(scene, span);
  if (at) context.fillRect(at.x, lane.top, at.width, lane.height);
  return at;
}

export function fillSpans(context: Context, scene: Scene, spans: Spans, lane: Lane): void {
  for (const span of intervalsOf(spans)) fillSpan(context, scene, span, lane);
}

/** Oblique lines: not told by colour alone. */
export function hatchSpan(context: Context, scene: Scene, span: Interval, lane: Lane, colour: string): void {
  const at = placeOf(scene, span);
  if (!at) return;
  const bottom = lane.top + lane.height;
  context.save();
  context.beginPath();
  context.rect(at.x, lane.top, at.width, lane.height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = Math.floor((at.x - lane.height) / 6) * 6; x < at.x + at.width; x += 6) {
    context.moveTo(x, bottom);
    context.lineTo(x + lane.height, lane.top);
  }
  context.stroke();
  context.restore();
}

export function intervalsOf({ startsS, endsS }: Spans): Interval[] {
  return Array.from(startsS, (startS, i) => ({ startS, endS: endsS[i]! }));
}

function placeOf(scene: Scene, { startS, endS }: Interval) {
  if (!isSeen(scene, startS, endS)) return undefined;
  const x = xOf(scene, Math.max(startS, scene.view.startS));
  return { x, width: Math.max(1, xOf(scene, Math.min(endS, scene.view.endS)) - x) };
}
