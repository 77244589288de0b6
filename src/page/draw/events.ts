/** Committed events and misses, on what scores them: windows in which an event is right, spans in which it is wrong. */

import { TASKS, type Task } from '../../core/events.js';
import type { Speaker } from '../../core/speaker.js';
import { drawMark } from './marks.js';
import { GUTTER, type Lane, plotWidth, type Scene, SPEAKER_LANES, xOf } from './scene.js';
import { fillSpans, hatchSpan, intervalsOf, isSeen } from './spans.js';

type Context = CanvasRenderingContext2D;

export function drawEvents(context: Context, scene: Scene, speaker: Speaker): void {
  for (const task of TASKS) {
    const lane = SPEAKER_LANES[speaker][task];
    const y = lane.top + lane.height / 2;
    context.fillStyle = scene.palette.grid;
    context.fillRect(GUTTER, Math.round(y), plotWidth(scene.width), 1);
    drawScoring(context, scene, speaker, task, lane);
    drawOutcomes(context, scene, speaker, task, y);
    drawMarked(context, scene, speaker, task, y);
  }
}

function drawScoring(context: Context, scene: Scene, speaker: Speaker, task: Task, lane: Lane): void {
  const prepared = scene.judgement?.scored?.prepared[task];
  if (!prepared) return;
  const { palette } = scene;
  context.save();
  context.globalAlpha = 0.2;
  context.fillStyle = palette.tp;
  fillSpans(context, scene, prepared.anchors[speaker], lane);
  context.fillStyle = palette.fp;
  fillSpans(context, scene, prepared.negatives[speaker], lane);
  context.restore();
  for (const span of intervalsOf(prepared.excluded[speaker])) hatchSpan(context, scene, span, lane, palette.hatch);
  context.fillStyle = palette.tp;
  for (const timeS of prepared.anchors[speaker].timesS) {
    if (isSeen(scene, timeS)) context.fillRect(xOf(scene, timeS) - 0.75, lane.top, 1.5, lane.height);
  }
}

function drawOutcomes(context: Context, scene: Scene, speaker: Speaker, task: Task, y: number): void {
  const { judgement, palette } = scene;
  const outcomes = judgement?.scored?.outcomes[task][speaker];
  const events =
    outcomes?.events ?? judgement?.events[speaker][task].map((timeS) => ({ kind: 'ignored', timeS }) as const) ?? [];
  // What counts is drawn above what does not.
  for (const { kind, timeS } of events) {
    if (kind === 'ignored' && isSeen(scene, timeS)) drawMark(context, kind, xOf(scene, timeS), y, palette);
  }
  for (const timeS of outcomes?.missedS ?? []) {
    if (isSeen(scene, timeS)) drawMark(context, 'fn', xOf(scene, timeS), y, palette);
  }
  for (const { kind, timeS } of events) {
    if (kind !== 'ignored' && isSeen(scene, timeS)) drawMark(context, kind, xOf(scene, timeS), y, palette);
  }
}

function drawMarked(context: Context, scene: Scene, speaker: Speaker, task: Task, y: number): void {
  const { marked, palette } = scene;
  if (marked?.speaker !== speaker || marked.task !== task || !isSeen(scene, marked.timeS)) return;
  context.save();
  context.strokeStyle = palette.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(xOf(scene, marked.timeS), y, 9, 0, 2 * Math.PI);
  context.stroke();
  context.restore();
}
