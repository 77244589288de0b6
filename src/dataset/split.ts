/**
 * Dividing a data set in two so that nobody speaks in both parts, as the public split of TurnBench was made: whoever
 * talked with each other, directly or through others, stays together; these groups are dealt out so that the size and
 * the types of conversation of the smaller part come as near as possible to their share.
 */

import type { Conversation } from '../core/conversation.js';
import { throwIfProblems, UserError } from '../core/errors.js';
import { Prng } from '../core/prng.js';

export interface SplitOptions {
  /** Share of conversations in the first part, in (0, 1). */
  readonly devShare: number;
  readonly seed: number;
  /** Tags that name the speakers; null = every conversation stands for itself. */
  readonly speakerTags: readonly [string, string] | null;
}

export interface Split {
  /** Ids in the order of the data set. */
  readonly dev: readonly string[];
  readonly test: readonly string[];
  /** Conversations by type. */
  readonly types: Readonly<Record<string, { readonly dev: number; readonly test: number }>>;
  /** Groups of conversations that cannot be divided. */
  readonly groups: number;
}

type Tagged = Pick<Conversation, 'id' | 'tags'>;

/** How much more a type that is off its share costs than the size. */
const TYPE_WEIGHT = 5;
const RESTARTS = 2000;
const NO_TYPE = 'unknown';

/** Speakers as the public corpora name them. */
export const PUBLIC_SPEAKER_TAGS = ['speaker_1_actor_id', 'speaker_2_actor_id'] as const;

/** @throws UserError when a conversation does not name its speakers, or everybody is connected with everybody. */
export function splitConversations(conversations: readonly Tagged[], options: SplitOptions): Split {
  const groups = groupsOf(conversations, options.speakerTags);
  const inDev = deal(groups, conversations, options);
  const dev = conversations.filter(({ id }) => inDev.has(id));
  const test = conversations.filter(({ id }) => !inDev.has(id));
  if (dev.length === 0 || test.length === 0) {
    throw new UserError(`these ${conversations.length} conversations cannot be divided: one part would be empty`, {
      hint: groups.length === 1 ? 'all speakers are connected by conversations' : 'ask for another share',
    });
  }
  const types = [...new Set(conversations.map(typeOf))].sort();
  const count = (part: readonly Tagged[], type: string) => part.filter((each) => typeOf(each) === type).length;
  return {
    dev: dev.map(({ id }) => id),
    test: test.map(({ id }) => id),
    types: Object.fromEntries(types.map((type) => [type, { dev: count(dev, type), test: count(test, type) }])),
    groups: groups.length,
  };
}

function typeOf({ tags }: Tagged): string {
  return tags['conversation_type'] ?? NO_TYPE;
}

/** Connected components of speakers, as their conversations; in the order of the first of them. */
function groupsOf(conversations: readonly Tagged[], speakerTags: SplitOptions['speakerTags']): Tagged[][] {
  if (speakerTags === null) return conversations.map((conversation) => [conversation]);
  const missing = conversations.flatMap(({ id, tags }) => {
    const without = speakerTags.filter((tag) => tags[tag] === undefined);
    return without.length === 0 ? [] : [`${id}: no ${without.join(' and no ')} in its metadata`];
  });
  const hint = 'name the tags of the speakers with --speakers, or split without regard to them with --no-speakers';
  throwIfProblems('speakers are not known', missing, hint);
  const parent = new Map<string, string>();
  const root = (speaker: string): string => {
    let at = speaker;
    for (let above = parent.get(at); above !== undefined; above = parent.get(at)) at = above;
    return at;
  };
  const speakersOf = ({ tags }: Tagged) => speakerTags.map((tag) => tags[tag] as string);
  for (const conversation of conversations) {
    const [first = '', second = ''] = speakersOf(conversation).map(root);
    if (first !== second) parent.set(first, second);
  }
  const groups = new Map<string, Tagged[]>();
  for (const conversation of conversations) {
    const key = root(speakersOf(conversation)[0] as string);
    groups.set(key, [...(groups.get(key) ?? []), conversation]);
  }
  return [...groups.values()];
}

/** Ids of the first part: the best of many greedy deals in random order, then single groups moved while that helps. */
function deal(groups: readonly Tagged[][], conversations: readonly Tagged[], options: SplitOptions): Set<string> {
  const types = [...new Set(conversations.map(typeOf))];
  // Sizes as vectors: the whole group, then each type in it.
  const vector = (group: readonly Tagged[]) => [
    group.length,
    ...types.map((type) => group.filter((each) => typeOf(each) === type).length),
  ];
  const sizes = groups.map(vector);
  const targets = vector(conversations).map((size, i) => (i === 0 ? Math.round : Number)(options.devShare * size));
  const cost = (dev: readonly number[], added: readonly number[], sign: number) =>
    targets.reduce(
      (sum, target, i) => sum + (i === 0 ? 1 : TYPE_WEIGHT) * Math.abs(dev[i]! + sign * added[i]! - target),
      0,
    );
  const none = targets.map(() => 0);

  const prng = new Prng(options.seed);
  let best: { readonly cost: number; readonly chosen: boolean[]; readonly dev: number[] } | undefined;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const chosen = groups.map(() => false);
    const dev = [...none];
    for (const g of shuffled(groups.length, prng)) {
      if (cost(dev, sizes[g]!, 1) >= cost(dev, none, 0)) continue;
      chosen[g] = true;
      add(dev, sizes[g]!, 1);
    }
    const reached = cost(dev, none, 0);
    if (!best || reached < best.cost) best = { cost: reached, chosen, dev };
  }
  const { chosen, dev } = best as NonNullable<typeof best>;
  for (let improved = true; improved; ) {
    improved = false;
    for (const [g, size] of sizes.entries()) {
      const sign = chosen[g] ? -1 : 1;
      if (cost(dev, size, sign) >= cost(dev, none, 0)) continue;
      chosen[g] = !chosen[g];
      add(dev, size, sign);
      improved = true;
    }
  }
  return new Set(groups.flatMap((group, g) => (chosen[g] ? group.map(({ id }) => id) : [])));
}

function add(sum: number[], size: readonly number[], sign: number): void {
  for (const [i, count] of size.entries()) sum[i]! += sign * count;
}

/** Fisher–Yates. */
function shuffled(count: number, prng: Prng): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = prng.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
