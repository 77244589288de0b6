/** Annotated conversations of a data set with their gold: what statistics of a corpus are made of. */

import type { Annotations, Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { Gold } from '../core/gold.js';
import { buildGold } from '../gold/build.js';

export interface AnnotatedConversation {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly durationS: number;
  readonly annotations: Annotations;
  readonly gold: Gold;
}

/** One after the other. @throws UserError when a conversation has no annotations. */
export async function* annotatedConversations(
  dataset: Dataset,
  ids: readonly string[] = dataset.ids,
): AsyncGenerator<AnnotatedConversation> {
  for (const id of ids) {
    const { annotations, tags, durationS } = await dataset.open(id);
    if (!annotations) {
      throw new UserError(`conversation ${id} of ${dataset.info.name} has no annotations`, {
        hint: 'gold needs annotation tracks (SRT or annotations.json) for every conversation',
      });
    }
    yield { id, tags, durationS, annotations, gold: buildGold(annotations) };
  }
}

/** Groups by the tag `conversation_type`, by name; all of them come last. Without the tag there are only all. */
export function byConversationType<T extends Pick<AnnotatedConversation, 'tags'>>(
  conversations: readonly T[],
): [type: string, conversations: readonly T[]][] {
  const types = [...new Set(conversations.flatMap(({ tags }) => tags['conversation_type'] ?? []))].sort();
  return [
    ...types.map((type): [string, readonly T[]] => [
      type,
      conversations.filter(({ tags }) => tags['conversation_type'] === type),
    ]),
    ['all', conversations],
  ];
}
