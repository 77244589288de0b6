/** What a comparison needs of a run, whether it lies in a run folder or in a baseline. */

import type { Counts } from '../core/counts.js';
import { countsFromDisk } from '../result/counts.js';
import type { ConversationRow, Failure, RunHeader, RunSpec } from '../result/schema.js';
import type { Tolerances } from './tolerance.js';

export interface ScoredRun {
  /** Where it was read. */
  readonly source: string;
  readonly model: RunSpec['model'];
  readonly dataset: Omit<RunSpec['dataset'], 'ids'>;
  readonly rules: Rules;
  /** Null when the model answered bits of its own, or nothing ran. */
  readonly operatingThreshold: number | null;
  /** Of INT events, where it is another. */
  readonly intThreshold?: number | undefined;
  readonly status: RunHeader['status'];
  /** Of a run that streamed only a part of what it was asked for. */
  readonly shard?: RunSpec['shard'];
  readonly failures: readonly Failure[];
  /** Those with annotations that finished, by id, in the order of the data set. */
  readonly conversations: ReadonlyMap<string, ScoredConversation>;
  /** Of a baseline. */
  readonly tolerances?: Tolerances;
}

export interface ScoredConversation {
  readonly tags: Readonly<Record<string, string>>;
  readonly counts: Counts;
}

/** What must be the same for two numbers to mean the same, besides the data. */
export interface Rules {
  readonly scorerVersion: number;
  readonly goldVersion: number;
  readonly commitRule: CommitRule;
}

/**
 * How answers of a model became events. `floor-edges`: every edge of the floor bit, without a refractory period;
 * `as-given`: events that no floor decided, which is the oracle.
 */
export const COMMIT_RULES = ['floor-edges', 'as-given'] as const;

export type CommitRule = (typeof COMMIT_RULES)[number];

export function rulesOf(spec: RunSpec): Rules {
  return {
    scorerVersion: spec.scorer_version,
    goldVersion: spec.gold_version,
    commitRule: spec.threshold === null ? 'as-given' : 'floor-edges',
  };
}

/** @param rows in any order. */
export function scoredRun(source: string, header: RunHeader, rows: readonly ConversationRow[]): ScoredRun {
  const { model, dataset } = header.spec;
  const { ids, ...data } = dataset;
  const rowOf = new Map(rows.map((row) => [row.conversation_id, row]));
  const conversations = ids.flatMap((id): [string, ScoredConversation][] => {
    const row = rowOf.get(id);
    if (row?.status !== 'ok' || row.counts === null) return [];
    return [[id, { tags: row.tags, counts: countsFromDisk(row.counts) }]];
  });
  return {
    ...{ source, model, dataset: data, rules: rulesOf(header.spec), status: header.status, shard: header.spec.shard },
    operatingThreshold: header.operating_threshold,
    intThreshold: header.spec.int_threshold,
    failures: [...rowOf.values()].flatMap((row) =>
      row.status === 'failed' ? [{ conversation_id: row.conversation_id, error: row.error, hint: row.hint }] : [],
    ),
    conversations: new Map(conversations),
  };
}
