/** Scoring a predictions file against the gold of a data set: no model, no audio. */

import type { Dataset } from '../core/conversation.js';
import type { TaskCounts } from '../core/counts.js';
import { UserError } from '../core/errors.js';
import type { ConversationEvents, Task } from '../core/events.js';
import type { Gold } from '../core/gold.js';
import { readJsonNumbers } from '../io/number-lists.js';
import { taskIntervals } from '../result/intervals.js';
import { parsePredictions } from '../result/predictions.js';
import type { TaskIntervals, TaskScore } from '../result/schema.js';
import { taskScore } from '../result/totals.js';
import { sumTaskCounts } from '../score/counts.js';
import { scoreTask } from '../score/match.js';
import { DEFAULT_SEED, drawResamples } from '../stats/bootstrap.js';
import { annotatedConversations } from './annotated.js';

export interface FileScore {
  readonly eot: TaskScore & { readonly intervals: TaskIntervals };
  readonly int: TaskScore & { readonly intervals: TaskIntervals };
  readonly conversations: Readonly<
    Record<string, Readonly<Record<Task, TaskScore & { latencies_ms: readonly number[] }>>>
  >;
}

/**
 * @param ids conversations that are scored. The file must have them; when they are not the whole data set, it may have
 *   others of it.
 * @throws UserError when the file breaks the format or has other conversations, or when one has no annotations.
 */
export async function scorePredictionsFile(
  file: string,
  dataset: Dataset,
  ids: readonly string[] = dataset.ids,
): Promise<FileScore> {
  const events = await readPredictions(file, dataset, ids);
  const golds = await goldOf(dataset, ids);
  const counts = ids.map((id) => {
    const gold = golds.get(id)!;
    return { id, eot: countTask(gold, events.get(id)!, 'eot'), int: countTask(gold, events.get(id)!, 'int') };
  });
  const detailed = (task: TaskCounts) => ({ ...taskScore(task), latencies_ms: task.latenciesMs });
  const resamples = drawResamples(counts.length, DEFAULT_SEED);
  const pooled = (list: readonly TaskCounts[]) => ({
    ...taskScore(sumTaskCounts(list)),
    intervals: taskIntervals(resamples, list),
  });
  return {
    eot: pooled(counts.map(({ eot }) => eot)),
    int: pooled(counts.map(({ int }) => int)),
    conversations: Object.fromEntries(
      counts.map(({ id, eot, int }) => [id, { eot: detailed(eot), int: detailed(int) }]),
    ),
  };
}

/** @throws UserError when the file breaks the format or has other conversations. */
export async function readPredictions(
  file: string,
  dataset: Dataset,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ConversationEvents>> {
  const value = await readJsonNumbers(file);
  if (hasKey(value, 'probs')) {
    throw new UserError(`${file} is a probability file, not a predictions file`, { hint: 'turnbench sweep reads it' });
  }
  return parsePredictions(value, await durationsOf(dataset, expectedIds(value, dataset, ids)), file);
}

/** True of an object with this key: the public files are told apart by the key of their list. */
export function hasKey(value: unknown, key: 'probs' | 'predictions'): boolean {
  return typeof value === 'object' && value !== null && key in value;
}

/**
 * Conversations that a file must have: those that are asked for; when they are a part of the data set, also whatever it
 * has of the rest, which is checked but not scored.
 */
export function expectedIds(value: unknown, dataset: Dataset, ids: readonly string[]): readonly string[] {
  if (ids.length === dataset.ids.length) return ids;
  const lists = typeof value === 'object' && value !== null ? Object.values(value).filter(Array.isArray) : [];
  const named = new Set<unknown>(
    lists.flat().map((entry: { conversation_id?: unknown } | null) => entry?.conversation_id),
  );
  return dataset.ids.filter((id) => named.has(id) || ids.includes(id));
}

/** s, by conversation. */
export async function durationsOf(dataset: Dataset, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const durations = new Map<string, number>();
  for (const id of ids) durations.set(id, (await dataset.open(id)).durationS);
  return durations;
}

/** @throws UserError when a conversation has no annotations. */
export async function goldOf(
  dataset: Dataset,
  ids: readonly string[] = dataset.ids,
): Promise<ReadonlyMap<string, Gold>> {
  const golds = new Map<string, Gold>();
  for await (const { id, gold } of annotatedConversations(dataset, ids)) golds.set(id, gold);
  return golds;
}

export function countTask(gold: Gold, events: ConversationEvents, task: Task): TaskCounts {
  return scoreTask(gold[task], { 1: events[1][task], 2: events[2][task] });
}
