/** Long tracks, as many columns as there are pixels: the loudness of a speaker, P(floor), the floor. */

import { magnitudeOf } from '../../core/portrait.js';
import type { Speaker } from '../../core/speaker.js';
import { STEPS_PER_SECOND } from '../../core/time.js';
import { GUTTER, type Lane, plotWidth, type Scene, SPEAKER_LANES, xOf } from './scene.js';

type Context = CanvasRenderingContext2D;

export function drawWave(context: Context, scene: Scene, speaker: Speaker): void {
  const { peaks, palette } = scene;
  if (!peaks) return;
  const track = peaks[speaker];
  const { top, height } = SPEAKER_LANES[speaker].wave;
  const middle = top + height / 2;
  // Both speakers at one scale: who is louder can be seen.
  const loudest = magnitudeOf(Math.max(largest(peaks[1]), largest(peaks[2]), 1));
  const path = new Path2D();
  for (const { x, from, to } of columns(scene, track.length)) {
    let peak = 0;
    for (let step = from; step < to; step++) if (track[step]! > peak) peak = track[step]!;
    const half = Math.max(0.5, (magnitudeOf(peak) / loudest) * (height / 2));
    path.rect(x, middle - half, 1, 2 * half);
  }
  context.fillStyle = palette.wave;
  context.fill(path);
}

/** P(floor) with the threshold across it, and the floor bit below. */
export function drawAnswers(context: Context, scene: Scene, speaker: Speaker): void {
  const lanes = SPEAKER_LANES[speaker];
  const floor = scene.answers?.floor;
  if (floor?.thresholds) {
    drawProbability(context, scene, lanes.p, floor.levels[speaker], levelValues(floor.thresholds));
    if (scene.threshold !== null) drawThreshold(context, scene, lanes.p, scene.threshold);
  }
  drawFloor(context, scene, lanes.floor, speaker);
}

/** What is drawn for a level: the middle between the thresholds around it. */
export function levelValues(thresholds: readonly number[]): number[] {
  return Array.from(
    { length: thresholds.length + 1 },
    (_, level) => ((thresholds[level - 1] ?? 0) + (thresholds[level] ?? 1)) / 2,
  );
}

function drawProbability(
  context: Context,
  scene: Scene,
  { top, height }: Lane,
  levels: ArrayLike<number>,
  values: readonly number[],
): void {
  const yOf = (p: number) => top + height * (1 - p);
  const line = new Path2D();
  const area = new Path2D();
  let beforeY: number | undefined;
  for (const { x, from, to } of columns(scene, levels.length, 1)) {
    let low = values[levels[from]!]!;
    let high = low;
    for (let step = from + 1; step < to; step++) {
      const p = values[levels[step]!]!;
      if (p < low) low = p;
      if (p > high) high = p;
    }
    area.rect(x, yOf(high), 1, height * high);
    // From where the last column ended, so that steep edges are joined.
    const upperY = Math.min(yOf(high), beforeY ?? yOf(high));
    const lowerY = Math.max(yOf(low), beforeY ?? yOf(low));
    line.rect(x, upperY - 0.6, 1, lowerY - upperY + 1.2);
    beforeY = yOf(values[levels[to - 1]!]!);
  }
  context.save();
  context.fillStyle = scene.palette.series;
  context.globalAlpha = 0.14;
  context.fill(area);
  context.globalAlpha = 1;
  context.fill(line);
  context.restore();
}

function drawThreshold(context: Context, scene: Scene, { top, height }: Lane, threshold: number): void {
  const y = Math.round(top + height * (1 - threshold)) + 0.5;
  context.save();
  context.strokeStyle = scene.palette.text;
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(GUTTER, y);
  context.lineTo(GUTTER + plotWidth(scene.width), y);
  context.stroke();
  context.restore();
}

/** Edges are stamped like events: with the end of their step. */
function drawFloor(context: Context, scene: Scene, lane: Lane, speaker: Speaker): void {
  const track = scene.judgement?.floors?.[speaker];
  if (!track) return;
  const { palette, view } = scene;
  context.fillStyle = palette.grid;
  context.fillRect(GUTTER, lane.top, plotWidth(scene.width), lane.height);
  context.fillStyle = palette.series;
  for (let edge = 0; edge < track.edges.length; edge += 2) {
    const startS = (track.edges[edge]! + 1) / STEPS_PER_SECOND;
    const endS = ((track.edges[edge + 1] ?? track.steps - 1) + 1) / STEPS_PER_SECOND;
    if (endS < view.startS || startS > view.endS) continue;
    const x = xOf(scene, startS);
    context.fillRect(x, lane.top, Math.max(0.5, xOf(scene, endS) - x), lane.height);
  }
}

/** Columns of pixels that have steps, with the steps `[from, to)` in each, at least one. @param delay in steps. */
function* columns(
  { view, width }: Scene,
  steps: number,
  delay = 0,
): Generator<{ x: number; from: number; to: number }> {
  const count = Math.floor(plotWidth(width));
  const perColumn = ((view.endS - view.startS) * STEPS_PER_SECOND) / count;
  const first = view.startS * STEPS_PER_SECOND - delay;
  for (let column = 0; column < count; column++) {
    const from = Math.floor(first + column * perColumn);
    if (from < 0) continue;
    if (from >= steps) break;
    const to = Math.min(steps, Math.max(from + 1, Math.floor(first + (column + 1) * perColumn)));
    yield { x: GUTTER + column, from, to };
  }
}

function largest(values: Uint8Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
