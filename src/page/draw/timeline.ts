/** One drawing of the whole timeline. */

import { SPEAKERS } from '../../core/speaker.js';
import { clock, tickStepS } from '../viewport.js';
import { drawLabels, drawTurns } from './annotations.js';
import { drawEvents } from './events.js';
import { AXIS_LANE, GUTTER, HEIGHT, plotWidth, type Scene, SPEAKER_LANES, xOf } from './scene.js';
import { drawAnswers, drawWave } from './tracks.js';

type Context = CanvasRenderingContext2D;

const FONT = '11px Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
const TITLES = { wave: 'loudness', p: 'P(floor)', floor: 'floor', eot: 'ends of turns', int: 'interruptions' } as const;

export function drawTimeline(context: Context, scene: Scene): void {
  const { palette, width } = scene;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, HEIGHT);
  context.font = FONT;
  drawAxis(context, scene);
  context.save();
  context.beginPath();
  context.rect(GUTTER, 0, plotWidth(width), HEIGHT);
  context.clip();
  for (const speaker of SPEAKERS) {
    drawTurns(context, scene, speaker);
    drawLabels(context, scene, speaker);
    drawWave(context, scene, speaker);
    drawAnswers(context, scene, speaker);
    drawEvents(context, scene, speaker);
  }
  if (scene.cursorS !== null) {
    context.fillStyle = palette.text;
    context.fillRect(xOf(scene, scene.cursorS) - 0.5, AXIS_LANE.height, 1, HEIGHT - AXIS_LANE.height);
  }
  context.restore();
  drawTitles(context, scene);
}

function drawAxis(context: Context, scene: Scene): void {
  const { view, palette, width } = scene;
  const stepS = tickStepS(view.endS - view.startS, plotWidth(width) / 90);
  context.textAlign = 'center';
  for (let tick = Math.ceil(view.startS / stepS); tick * stepS <= view.endS; tick++) {
    const x = Math.round(xOf(scene, tick * stepS));
    context.fillStyle = palette.grid;
    context.fillRect(x, AXIS_LANE.height, 1, HEIGHT - AXIS_LANE.height);
    context.fillStyle = palette.muted;
    context.fillText(clock(tick * stepS, stepS), Math.min(Math.max(x, GUTTER + 14), width - 28), 14);
  }
  context.textAlign = 'left';
}

function drawTitles(context: Context, { palette }: Scene): void {
  for (const speaker of SPEAKERS) {
    const lanes = SPEAKER_LANES[speaker];
    context.font = `600 ${FONT}`;
    context.fillStyle = palette.text;
    context.fillText(`Speaker ${speaker}`, 0, lanes.gold.top + 13);
    context.font = FONT;
    context.fillStyle = palette.muted;
    context.textAlign = 'right';
    for (const name of ['wave', 'p', 'floor', 'eot', 'int'] as const) {
      context.fillText(TITLES[name], GUTTER - 10, lanes[name].top + lanes[name].height / 2 + 4);
    }
    context.fillText('1', GUTTER - 10, lanes.p.top + 9);
    context.fillText('0', GUTTER - 10, lanes.p.top + lanes.p.height);
    context.textAlign = 'left';
  }
}
