/** Tiny worlds: gold from the marks of a single annotator, who is taken at his word. */

import fc from 'fast-check';
import type { Segment } from '../../src/core/conversation.js';
import type { Gold, Interval, SpeakerInterval } from '../../src/core/gold.js';
import type { Speaker } from '../../src/core/speaker.js';
import { buildGold } from '../../src/gold/build.js';

/** Start, end (s), fine label; `Normal Turn` unless said otherwise. */
export type Mark = readonly [startS: number, endS: number, label?: string];

export const INTERRUPTION = 'Floor-taking Competitive Interruption';
export const FAILED_ATTEMPT = 'Non-floor Taking Competitive Interruption';
export const BACKCHANNEL = 'Continuer Backchannel';

export function segmentsOf(marks: readonly Mark[]): Segment[] {
  return marks.map(([startS, endS, label = 'Normal Turn']) => ({ startS, endS, label }));
}

/** Gold of what speaker 1 and speaker 2 did. */
export function goldOf(speaker1: readonly Mark[], speaker2: readonly Mark[] = []): Gold {
  return buildGold({
    1: [{ annotator: 'a', segments: segmentsOf(speaker1) }],
    2: [{ annotator: 'a', segments: segmentsOf(speaker2) }],
  });
}

export function withExcluded(gold: Gold, task: 'eot' | 'int', excluded: readonly SpeakerInterval[]): Gold {
  return { ...gold, [task]: { ...gold[task], excluded } };
}

export function span(speaker: Speaker, startS: number, endS: number): SpeakerInterval {
  return { speaker, startS, endS };
}

export function interval(startS: number, endS: number): Interval {
  return { startS, endS };
}

/** Gold of messy worlds on a coarse grid, so that times coincide often; half a minute long at most. */
export function goldWorlds(): fc.Arbitrary<Gold> {
  const label = fc.constantFrom('Normal Turn', 'Filler', INTERRUPTION, FAILED_ATTEMPT, BACKCHANNEL, 'Laughter');
  const mark = fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 12 }), label)
    .map(([start, length, fine]): Mark => [start / 4, (start + length) / 4, fine]);
  const marks = fc.array(mark, { maxLength: 12 });
  return fc.tuple(marks, marks).map(([first, second]) => goldOf(first, second));
}

/** Strictly increasing times on a grid that hits window ends and misses them. */
export function eventTimes(): fc.Arbitrary<number[]> {
  return fc
    .uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 40 })
    .map((ticks) => ticks.sort((a, b) => a - b).map((tick) => tick / 10));
}
