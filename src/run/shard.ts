/**
 * One machine's part of a run. Which conversations it is follows from the selection alone, so that machines that know
 * nothing of each other agree: the longest first, each to the shard that has least to do.
 */

import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { RunSpec } from '../result/schema.js';

export type Shard = NonNullable<RunSpec['shard']>;

export interface SizedConversation {
  readonly id: string;
  readonly durationS: number;
}

/**
 * @param ids the whole selection.
 * @returns those of the shard, in the same order.
 * @throws UserError when there are fewer conversations than shards.
 */
export async function idsOfShard(dataset: Dataset, ids: readonly string[], shard: Shard): Promise<string[]> {
  if (ids.length < shard.count) {
    throw new UserError(`${ids.length} conversations cannot be divided into ${shard.count} shards`, {
      hint: `--shard ${shard.index}/N with N of at most ${ids.length}`,
    });
  }
  const conversations: SizedConversation[] = [];
  for (const id of ids) conversations.push({ id, durationS: (await dataset.open(id)).durationS });
  return divide(conversations, shard.count)[shard.index - 1]!;
}

/**
 * The ids of every shard, each in the order given. No two shards differ by more than the longest conversation; none is
 * empty as long as there are enough conversations.
 */
export function divide(conversations: readonly SizedConversation[], count: number): string[][] {
  const shards = Array.from({ length: count }, () => ({ totalS: 0, places: [] as number[] }));
  // The sort is stable: conversations of equal length stay in order.
  const longestFirst = conversations.map((_, i) => i).sort((a, b) => durationAt(b) - durationAt(a));
  for (const place of longestFirst) {
    const idlest = shards.reduce((least, shard) => (hasLess(shard, least) ? shard : least));
    idlest.places.push(place);
    idlest.totalS += durationAt(place);
  }
  return shards.map(({ places }) => places.sort((a, b) => a - b).map((place) => conversations[place]!.id));

  function durationAt(place: number): number {
    return conversations[place]!.durationS;
  }
}

interface Load {
  readonly totalS: number;
  readonly places: readonly number[];
}

function hasLess(a: Load, b: Load): boolean {
  return a.totalS < b.totalS || (a.totalS === b.totalS && a.places.length < b.places.length);
}
