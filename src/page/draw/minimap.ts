/** The whole conversation in two thin rows: turns, what went wrong, and the part that is seen above. */

import { TASKS } from '../../core/events.js';
import { SPEAKERS } from '../../core/speaker.js';
import { wholeOf } from '../viewport.js';
import { GUTTER, type Lane, plotWidth, type Scene, xOf } from './scene.js';
import { fillSpan } from './spans.js';

type Context = CanvasRenderingContext2D;

export const MINIMAP_HEIGHT = 44;

export function drawMinimap(context: Context, scene: Scene): void {
  const { palette, width, view, gold, judgement } = scene;
  const whole: Scene = { ...scene, view: wholeOf(view.durationS) };
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, MINIMAP_HEIGHT);
  for (const speaker of SPEAKERS) {
    const lane: Lane = { top: speaker === 1 ? 8 : 24, height: 12 };
    context.fillStyle = palette.grid;
    context.fillRect(GUTTER, lane.top, plotWidth(width), lane.height);
    context.fillStyle = palette.turn;
    for (const turn of gold?.turns[speaker] ?? []) fillSpan(context, whole, turn, lane);
    for (const task of TASKS) {
      const outcomes = judgement?.scored?.outcomes[task][speaker];
      const wrongS = outcomes?.events.filter(({ kind }) => kind === 'fp').map(({ timeS }) => timeS) ?? [];
      ticks(context, whole, lane, wrongS, palette.fp);
      ticks(context, whole, lane, outcomes?.missedS ?? [], palette.fn);
    }
  }
  const x = xOf(whole, view.startS);
  context.strokeStyle = palette.text;
  context.lineWidth = 1.5;
  context.strokeRect(x, 4, Math.max(3, xOf(whole, view.endS) - x), MINIMAP_HEIGHT - 8);
}

function ticks(context: Context, scene: Scene, lane: Lane, timesS: readonly number[], colour: string): void {
  context.fillStyle = colour;
  for (const timeS of timesS) context.fillRect(xOf(scene, timeS) - 0.75, lane.top, 1.5, lane.height);
}
