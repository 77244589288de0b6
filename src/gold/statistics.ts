/** How much gold there is: for `gold stats`, of one conversation or of many. Keys are as printed. */

import type { Task } from '../core/events.js';
import type { Gold, Interval, TaskGold } from '../core/gold.js';
import { SPEAKERS } from '../core/speaker.js';
import { mergeIntervals } from './intervals.js';

export interface TaskStatistics {
  readonly positives: number;
  readonly negatives: number;
  readonly excluded: number;
  /** Per speaker, overlaps counted once, both added, s. */
  readonly excluded_s: number;
}

export interface GoldStatistics extends Readonly<Record<Task, TaskStatistics>> {
  readonly turns: number;
  /** Per speaker, overlaps counted once, both added, s. */
  readonly turn_s: number;
  /** Label-view events per canonical label, in order of first appearance. */
  readonly labels: Readonly<Record<string, number>>;
  readonly unknown_labels: Readonly<Record<string, number>>;
}

export function goldStatistics(golds: readonly Gold[]): GoldStatistics {
  return {
    eot: taskStatistics(golds.map((gold) => gold.eot)),
    int: taskStatistics(golds.map((gold) => gold.int)),
    turns: sum(golds.flatMap((gold) => SPEAKERS.map((speaker) => gold.turns[speaker].length))),
    turn_s: sum(golds.flatMap((gold) => SPEAKERS.map((speaker) => coveredS(gold.turns[speaker])))),
    labels: tally(golds.flatMap((gold) => gold.labels.map(({ label }) => [label, 1] as const))),
    unknown_labels: tally(golds.flatMap((gold) => Object.entries(gold.unknownLabels))),
  };
}

function taskStatistics(tasks: readonly TaskGold[]): TaskStatistics {
  const excluded_s = tasks.flatMap(({ excluded }) =>
    SPEAKERS.map((speaker) => coveredS(excluded.filter((interval) => interval.speaker === speaker))),
  );
  return {
    positives: sum(tasks.map((task) => task.positives.length)),
    negatives: sum(tasks.map((task) => task.negatives.length)),
    excluded: sum(tasks.map((task) => task.excluded.length)),
    excluded_s: sum(excluded_s),
  };
}

function coveredS(intervals: readonly Interval[]): number {
  return sum(mergeIntervals(intervals).map(({ startS, endS }) => endS - startS));
}

function tally(entries: readonly (readonly [string, number])[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [key, count] of entries) counts.set(key, (counts.get(key) ?? 0) + count);
  return Object.fromEntries(counts);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
