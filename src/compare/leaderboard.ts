/**
 * The public ranking rule (scoring specification, section 9), per task: an entry qualifies when its false-positive rate
 * exists and is at most 0.15; qualifiers rank by recall, highest first; entries over the ceiling stand below all of them,
 * by recall too. A task without a single committed event is not supported: it has no place. Equals keep their order.
 */

import { TASKS, type Task } from '../core/events.js';
import type { TaskScore } from '../result/schema.js';

/** Highest false-positive rate on the test set with which an entry qualifies. */
export const FP_CEILING = 0.15;

export interface LeaderboardEntry {
  readonly model: string;
  /** Null for a task that the model does not support: it committed no event in any conversation. */
  readonly scores: Readonly<Record<Task, TaskScore | null>>;
}

export interface Placed {
  /** From 1, of those that qualify; null for others. */
  readonly rank: number | null;
  readonly qualifies: boolean;
  readonly score: TaskScore;
}

export interface PlacedEntry {
  readonly model: string;
  /** Null for a task that is not supported. */
  readonly tasks: Readonly<Record<Task, Placed | null>>;
}

/** @returns the board of each task: all entries, in its order. The board as a whole is in the order of EOT. */
export function leaderboard(entries: readonly LeaderboardEntry[]): Readonly<Record<Task, readonly PlacedEntry[]>> {
  const orders = { eot: ordered(entries, 'eot'), int: ordered(entries, 'int') };
  const placed = new Map(
    entries.map((entry): [LeaderboardEntry, PlacedEntry] => {
      const place = (task: Task): Placed | null => {
        const score = entry.scores[task];
        if (score === null) return null;
        const isWithin = qualifies(score);
        return { rank: isWithin ? orders[task].indexOf(entry) + 1 : null, qualifies: isWithin, score };
      };
      return [entry, { model: entry.model, tasks: { eot: place('eot'), int: place('int') } }];
    }),
  );
  const board = (task: Task) => orders[task].map((entry) => placed.get(entry)!);
  return { eot: board('eot'), int: board('int') };
}

function ordered(entries: readonly LeaderboardEntry[], task: Task): LeaderboardEntry[] {
  const tier = ({ scores }: LeaderboardEntry): number => {
    const score = scores[task];
    if (score === null) return 2;
    return qualifies(score) ? 0 : 1;
  };
  const recall = ({ scores }: LeaderboardEntry): number => scores[task]?.recall ?? -1;
  return entries.toSorted((a, b) => tier(a) - tier(b) || recall(b) - recall(a));
}

function qualifies({ fp_rate: fpRate }: TaskScore): boolean {
  return fpRate !== null && fpRate <= FP_CEILING;
}

/** What the board was made of. */
export interface LeaderboardContext {
  readonly dataset: string;
  /** `dev` or `test`. */
  readonly split: string;
  /** Budget under which operating points are meant to be chosen, on dev. */
  readonly fpBudget: number;
}

/** The layout of the public board, with the place of each task added. */
export function leaderboardDocument(entries: readonly LeaderboardEntry[], context: LeaderboardContext): object {
  return {
    split: context.split,
    dataset: context.dataset,
    fp_budget: context.fpBudget,
    test_fp_bound: FP_CEILING,
    models: leaderboard(entries).eot.map(({ model, tasks }) => ({
      model,
      ...Object.fromEntries(TASKS.map((task) => [task, taskDocument(tasks[task])])),
    })),
  };
}

function taskDocument(placed: Placed | null): object {
  const { score, rank = null, qualifies: isWithin = null } = placed ?? {};
  const { p10 = null, p50 = null, p90 = null } = score?.latency_ms ?? {};
  return {
    recall: rounded(score?.recall),
    fp_rate: rounded(score?.fp_rate),
    latency_ms: { p10: rounded(p10), p50: rounded(p50), p90: rounded(p90) },
    rank,
    qualifies: isWithin,
  };
}

function rounded(value: number | null = null): number | null {
  return value === null ? null : Number(value.toFixed(6));
}
