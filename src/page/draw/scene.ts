/** Everything that one drawing of the timeline looks at, and where on the canvas it goes. */

import type { Task } from '../../core/events.js';
import type { Gold } from '../../core/gold.js';
import { type PerSpeaker, perSpeaker, type Speaker } from '../../core/speaker.js';
import type { Answers, Judgement } from '../judge.js';
import type { Viewport } from '../viewport.js';
import type { Palette } from './palette.js';

export interface Scene {
  readonly view: Viewport;
  /** Pixels of the canvas. */
  readonly width: number;
  readonly gold: Gold | null;
  readonly peaks: PerSpeaker<Uint8Array> | null;
  readonly answers: Answers | null;
  readonly judgement: Judgement | null;
  readonly threshold: number | null;
  readonly palette: Palette;
  /** Where audio plays or the reader has clicked, s. */
  readonly cursorS: number | null;
  /** The mistake that was jumped to. */
  readonly marked: MarkedMistake | null;
}

export interface MarkedMistake {
  readonly timeS: number;
  readonly speaker: Speaker;
  readonly task: Task;
}

/** Pixels. */
export interface Lane {
  readonly top: number;
  readonly height: number;
}

export const GUTTER = 104;
const RIGHT = 12;
const SPACE = 4;
const BETWEEN = 22;

export const AXIS_LANE: Lane = { top: 0, height: 22 };

const HEIGHTS = { gold: 18, wave: 52, p: 64, floor: 8, eot: 20, int: 20 } as const;

export type LaneName = keyof typeof HEIGHTS;

const BLOCK_HEIGHT = Object.values(HEIGHTS).reduce((sum, height) => sum + height + SPACE, -SPACE);
const FIRST_TOP = AXIS_LANE.height + 8;

export const SPEAKER_LANES: PerSpeaker<Readonly<Record<LaneName, Lane>>> = perSpeaker((speaker) =>
  lanesFrom(FIRST_TOP + (speaker - 1) * (BLOCK_HEIGHT + BETWEEN)),
);

export const HEIGHT = FIRST_TOP + 2 * BLOCK_HEIGHT + BETWEEN + 2;

export function xOf({ view, width }: Pick<Scene, 'view' | 'width'>, timeS: number): number {
  return GUTTER + ((timeS - view.startS) / (view.endS - view.startS)) * plotWidth(width);
}

export function timeAt({ view, width }: Pick<Scene, 'view' | 'width'>, x: number): number {
  return view.startS + ((x - GUTTER) / plotWidth(width)) * (view.endS - view.startS);
}

export function plotWidth(width: number): number {
  return Math.max(1, width - GUTTER - RIGHT);
}

function lanesFrom(top: number): Record<LaneName, Lane> {
  let y = top;
  const entries = Object.entries(HEIGHTS).map(([name, height]) => {
    const lane = { top: y, height };
    y += height + SPACE;
    return [name, lane];
  });
  return Object.fromEntries(entries) as Record<LaneName, Lane>;
}
