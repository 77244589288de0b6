/**
 * A baseline: what a model is expected to score on a data set, kept in a repository so that every change can be held
 * against it. It is a run reduced to what a paired comparison needs, with the losses that are tolerated. It is written
 * for people who review a diff: the order never changes, scores come before the counts that they derive from, and a
 * conversation is one line.
 */

import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { countsFromDisk, countsToDisk } from '../result/counts.js';
import { countsSchema, specSchema } from '../result/schema.js';
import { estimate } from '../stats/bootstrap.js';
import { METRIC_NAMES, METRICS } from './metrics.js';
import { COMMIT_RULES, type ScoredConversation, type ScoredRun } from './scored-run.js';
import { type Tolerances, toleranceSchema } from './tolerance.js';

export const BASELINE_SCHEMA_VERSION = 1;

export const baselineSchema = z.strictObject({
  schema_version: z.literal(BASELINE_SCHEMA_VERSION),
  model: specSchema.shape.model,
  dataset: specSchema.shape.dataset.omit({ ids: true }),
  operating_threshold: z.number().nullable(),
  /** Of INT events, where it is another. */
  int_threshold: z.number().optional(),
  scorer_version: z.int(),
  gold_version: z.int(),
  commit_rule: z.enum(COMMIT_RULES),
  /** What a gate checks, and how much worse is tolerated: in the unit of the metric, or relative to the score. */
  tolerances: z.partialRecord(z.enum(METRIC_NAMES), toleranceSchema),
  /** Derived from the conversations, for those who read a diff. */
  scores: z.partialRecord(z.enum(METRIC_NAMES), z.number().nullable()),
  conversations: z
    .array(
      z.strictObject({
        conversation_id: z.string(),
        tags: z.record(z.string(), z.string()),
        counts: countsSchema,
      }),
    )
    .min(1)
    .readonly(),
});

export type Baseline = z.infer<typeof baselineSchema>;

/** What a gate checks when nobody says otherwise. */
export const DEFAULT_TOLERANCES: Tolerances = Object.fromEntries(
  METRICS.filter(({ gated }) => gated).map(({ name, tolerance }) => [name, tolerance]),
);

/** @throws UserError when the run is not whole: a baseline would forget what is missing. */
export function baselineOf(run: ScoredRun, tolerances: Tolerances): Baseline {
  if (run.shard) {
    throw new UserError(`${run.source} cannot become a baseline: it is one of ${run.shard.count} shards`, {
      hint: 'merge them first',
    });
  }
  if (run.status !== 'success' || run.conversations.size === 0) {
    const reason = run.status === 'success' ? 'nothing was scored' : `its status is '${run.status}'`;
    throw new UserError(`${run.source} cannot become a baseline: ${reason}`, {
      hint: 'run it again until every conversation is scored',
    });
  }
  return {
    schema_version: BASELINE_SCHEMA_VERSION,
    model: run.model,
    dataset: run.dataset,
    operating_threshold: run.operatingThreshold,
    ...(run.intThreshold !== undefined && { int_threshold: run.intThreshold }),
    scorer_version: run.rules.scorerVersion,
    gold_version: run.rules.goldVersion,
    commit_rule: run.rules.commitRule,
    tolerances: inOrder(tolerances),
    scores: scoresOf([...run.conversations.values()]),
    conversations: Array.from(run.conversations, ([id, { tags, counts }]) => ({
      ...{ conversation_id: id, tags },
      counts: countsToDisk(counts),
    })),
  };
}

/**
 * @param source where it was read.
 * @throws UserError when a conversation is there twice, or the scores are not those of the conversations.
 */
export function runOfBaseline(baseline: Baseline, source: string): ScoredRun {
  const conversations = new Map(
    baseline.conversations.map(({ conversation_id, tags, counts }) => [
      conversation_id,
      { tags, counts: countsFromDisk(counts) },
    ]),
  );
  const derived = scoresOf([...conversations.values()]);
  const isTrue = Object.entries(baseline.scores).every(([name, score]) => score === derived[name]);
  if (conversations.size < baseline.conversations.length || !isTrue) {
    const what = isTrue ? 'a conversation is there twice' : 'the scores are not those of its conversations';
    throw new UserError(`${source}: ${what}`, {
      hint: 'only tolerances are edited by hand; `turnbench baselines update` rewrites the rest',
    });
  }
  return {
    source,
    ...{ model: baseline.model, dataset: baseline.dataset },
    ...{ operatingThreshold: baseline.operating_threshold, intThreshold: baseline.int_threshold },
    rules: {
      scorerVersion: baseline.scorer_version,
      goldVersion: baseline.gold_version,
      commitRule: baseline.commit_rule,
    },
    ...{ status: 'success', failures: [], conversations, tolerances: baseline.tolerances as Tolerances },
  };
}

/** The text of the file: two levels of lines, so that a score, a tolerance and a conversation are one line each. */
export function renderBaseline(baseline: Baseline): string {
  return block('{', Object.entries(baseline).map(keyed(2, nested)), '}', 0).concat('\n');
}

function nested(value: unknown): string {
  if (Array.isArray(value))
    return block(
      '[',
      value.map((item) => `    ${JSON.stringify(item)}`),
      ']',
      2,
    );
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return block('{', Object.entries(value).map(keyed(4, JSON.stringify)), '}', 2);
}

function keyed(indent: number, render: (value: unknown) => string): (entry: readonly [string, unknown]) => string {
  return ([key, value]) => `${' '.repeat(indent)}${JSON.stringify(key)}: ${render(value)}`;
}

/** @param indent of the brackets. */
function block(open: string, lines: readonly string[], close: string, indent: number): string {
  return [open, lines.join(',\n'), `${' '.repeat(indent)}${close}`].join('\n');
}

function scoresOf(conversations: readonly ScoredConversation[]): Record<string, number | null> {
  const list = conversations.map(({ counts }) => counts);
  return Object.fromEntries(
    METRICS.map(({ name, statistic }) => [name, estimate(list.length, statistic(list)) ?? null]),
  );
}

function inOrder(tolerances: Tolerances): Tolerances {
  return Object.fromEntries(METRIC_NAMES.flatMap((name) => (tolerances[name] ? [[name, tolerances[name]]] : [])));
}
