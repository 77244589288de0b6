/**
 * One pass as a picture (SVG): what both speakers said, where the annotators saw turns, what the model made of it.
 * Time runs to the right, always at the same scale, so that pictures of different conversations can be compared.
 */

import type { Interval } from '../core/gold.js';
import { STEP_S, STEPS_PER_SECOND } from '../core/time.js';
import type { Timeline } from '../core/timeline.js';
import { escapeXml, fixed } from './xml.js';

const PIXELS_PER_S = 20;
const LEFT = 80;
const RIGHT = 20;
const TICK_S = 5;

/** Lanes from top to bottom, pixels. */
const SUBJECT = { top: 40, height: 60 };
const OTHER = { top: 110, height: 60 };
const CURVES = { top: 185, height: 140 };
const FLOOR = { top: 335, height: 16 };
const AXIS_TOP = 360;
const HEIGHT = 385;

const COLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f'];
const WAVE_COLOUR = '#555';
const TURN_COLOUR = '#cfe8cf';
const FLOOR_COLOUR = '#2f6f2f';

interface Lane {
  readonly top: number;
  readonly height: number;
}

export function renderTimeline(timeline: Timeline): string {
  const { subject, other, sampleRateHz, classes, threshold, turns } = timeline;
  const durationS = subject.length / sampleRateHz;
  const loudest = Math.max(peak(subject), peak(other)) || 1;
  const width = LEFT + Math.ceil(durationS * PIXELS_PER_S) + RIGHT;
  const thresholdY = fixed(CURVES.top + CURVES.height * (1 - threshold));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="16" font-size="13">${escapeXml(timeline.title)}</text>`,
    legend(classes),
    ...rectangles(turns?.subject ?? [], SUBJECT, TURN_COLOUR),
    ...rectangles(turns?.other ?? [], OTHER, TURN_COLOUR),
    label('subject', SUBJECT),
    label('other', OTHER),
    label('P', CURVES),
    ...[0, 1].map((p) => label(String(p), { top: CURVES.top + CURVES.height * (1 - p), height: 0 })),
    label('floor', FLOOR),
    wave(subject, sampleRateHz, SUBJECT, loudest),
    wave(other, sampleRateHz, OTHER, loudest),
    ...classes.map((_, i) => curve(timeline, i)),
    `<path d="M${LEFT} ${thresholdY}H${width - RIGHT}" stroke="#000" stroke-dasharray="4 3"/>`,
    ...rectangles(heldIntervals(timeline.floor), FLOOR, FLOOR_COLOUR),
    ...ticks(durationS),
    '</svg>\n',
  ].join('\n');
}

function legend(classes: readonly string[]): string {
  const items = classes.map((name, i) => `<tspan fill="${colour(i)}">■ ${escapeXml(name)}  </tspan>`);
  return `<text x="${LEFT}" y="32" xml:space="preserve">${items.join('')}</text>`;
}

function label(text: string, { top, height }: Lane): string {
  return `<text x="${LEFT - 8}" y="${top + height / 2 + 4}" text-anchor="end">${text}</text>`;
}

function rectangles(intervals: readonly Interval[], { top, height }: Lane, fill: string): string[] {
  return intervals.map(({ startS, endS }) => {
    const size = `width="${fixed((endS - startS) * PIXELS_PER_S)}" height="${height}"`;
    return `<rect x="${xOf(startS)}" y="${top}" ${size} fill="${fill}"/>`;
  });
}

/** The range of samples in every column of pixels, as high as the lane for the loudest sample of the conversation. */
function wave(samples: Float32Array, sampleRateHz: number, { top, height }: Lane, loudest: number): string {
  const perPixel = sampleRateHz / PIXELS_PER_S;
  const middle = top + height / 2;
  const parts: string[] = [];
  for (let column = 0; column * perPixel < samples.length; column++) {
    let low = 0;
    let high = 0;
    const end = Math.min(samples.length, Math.floor((column + 1) * perPixel));
    for (let i = Math.floor(column * perPixel); i < end; i++) {
      low = Math.min(low, samples[i]!);
      high = Math.max(high, samples[i]!);
    }
    const y = (value: number) => fixed(middle - ((value / loudest) * height) / 2);
    parts.push(`M${LEFT + column} ${y(high)}V${y(low)}`);
  }
  return `<path d="${parts.join('')}" stroke="${WAVE_COLOUR}" fill="none"/>`;
}

/** A probability is drawn from the end of the step that answered it; between answers it is held. */
function curve({ probabilities, classes }: Timeline, index: number): string {
  const y = (value: number) => fixed(CURVES.top + CURVES.height * (1 - value));
  const steps = probabilities.length / classes.length;
  let last = 0;
  const parts = [`M${LEFT} ${y(0)}`];
  for (let step = 0; step < steps; step++) {
    const value = probabilities[step * classes.length + index]!;
    if (value === last) continue;
    parts.push(`H${xOf((step + 1) * STEP_S)}V${y(value)}`);
    last = value;
  }
  parts.push(`H${xOf(steps * STEP_S)}`);
  return `<path d="${parts.join('')}" stroke="${colour(index)}" fill="none"/>`;
}

/** Where the floor bit is 1, stamped like events: with the end of the step. */
function heldIntervals(floor: Uint8Array): Interval[] {
  const intervals: Interval[] = [];
  let start = -1;
  for (let step = 0; step <= floor.length; step++) {
    const held = step < floor.length && floor[step] === 1;
    if (held && start < 0) start = step;
    if (held || start < 0) continue;
    intervals.push({
      startS: (start + 1) / STEPS_PER_SECOND,
      endS: Math.min(step + 1, floor.length) / STEPS_PER_SECOND,
    });
    start = -1;
  }
  return intervals;
}

function ticks(durationS: number): string[] {
  return Array.from({ length: Math.floor(durationS / TICK_S) + 1 }, (_, i) => {
    const x = xOf(i * TICK_S);
    const line = `<path d="M${x} ${SUBJECT.top}V${AXIS_TOP}" stroke="#000" stroke-opacity="0.12"/>`;
    return `${line}<text x="${x}" y="${AXIS_TOP + 14}" text-anchor="middle">${i * TICK_S} s</text>`;
  });
}

function peak(samples: Float32Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function xOf(timeS: number): string {
  return fixed(LEFT + timeS * PIXELS_PER_S);
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}
