/** What `turnbench compare --json` prints. The reference comes first; differences are a run minus the reference. */

import { z } from 'zod';
import { specSchema } from '../result/schema.js';
import { COMMIT_RULES } from './scored-run.js';
import { toleranceSchema } from './tolerance.js';

export const COMPARISON_SCHEMA_VERSION = 1;

const number = z.number().nullable();
const ids = z.array(z.string()).readonly();
const interval = z.tuple([z.number(), z.number()]).nullable();

const comparedMetricSchema = z.strictObject({
  metric: z.string(),
  task: z.enum(['eot', 'int', 'endpoint', 'floor']),
  unit: z.enum(['rate', 'ms', 'per_hour', 'per_minute']),
  better: z.enum(['higher', 'lower']),
  /** Null where there is nothing to measure. */
  reference: number,
  value: number,
  difference: number,
  /** 95 %, paired bootstrap over conversations. Null where conversations say nothing about others. */
  interval,
  verdict: z.enum(['better', 'worse', 'no evidence']),
});

const tagComparisonSchema = z.strictObject({
  tag: z.string(),
  value: z.string(),
  conversations: z.int(),
  metrics: z.array(comparedMetricSchema).readonly(),
});

const comparedRunSchema = z.strictObject({
  /** Name of the model, with a number behind it where several runs have the same. */
  label: z.string(),
  source: z.string(),
  model: specSchema.shape.model,
  operating_threshold: number,
  /** Of INT events, where it is another. */
  int_threshold: z.number().optional(),
  status: z.string(),
  /** Scored in another of the runs and not in this one. */
  missing: ids,
});

const gateCheckSchema = comparedMetricSchema.pick({ metric: true, unit: true, reference: true, value: true }).extend({
  tolerance: toleranceSchema,
  /** The largest loss that passes, in the unit of the metric; null without a reference. */
  allowed_loss: number,
  /** By how much the run is worse than the reference; negative where it is better. */
  loss: number,
  loss_interval: interval,
  /** Of these only `failed` and `lost` fail. */
  outcome: z.enum(['passed', 'unclear', 'skipped', 'failed', 'lost']),
  /** Why. */
  message: z.string(),
});

const brokenConversationSchema = z.strictObject({
  conversation_id: z.string(),
  kind: z.enum(['failed', 'missing']),
  message: z.string(),
});

const gateSchema = z.strictObject({
  passed: z.boolean(),
  checks: z.array(gateCheckSchema).readonly(),
  /** Conversations of the reference that this run did not score, and all that failed in it. */
  conversations: z.array(brokenConversationSchema).readonly(),
});

export const comparisonSchema = z.strictObject({
  schema_version: z.literal(COMPARISON_SCHEMA_VERSION),
  dataset: specSchema.shape.dataset.omit({ ids: true }),
  scorer_version: z.int(),
  gold_version: z.int(),
  commit_rule: z.enum(COMMIT_RULES),
  /** Scored in all of the runs: those that are compared. */
  conversations: ids,
  bootstrap: z.strictObject({ resamples: z.int(), seed: z.int() }),
  runs: z.array(comparedRunSchema).readonly(),
  /** One per run after the reference. */
  comparisons: z
    .array(
      z.strictObject({
        run: z.string(),
        metrics: z.array(comparedMetricSchema).readonly(),
        /** For every tag that divides the conversations. */
        tags: z.array(tagComparisonSchema).readonly(),
        /** Null unless it was asked for. */
        gate: gateSchema.nullable(),
      }),
    )
    .readonly(),
  warnings: z.array(z.string()).readonly(),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type RunComparison = Comparison['comparisons'][number];
export type ComparedRun = z.infer<typeof comparedRunSchema>;
export type ComparedMetric = z.infer<typeof comparedMetricSchema>;
export type TagComparison = z.infer<typeof tagComparisonSchema>;
export type Gate = z.infer<typeof gateSchema>;
export type GateCheck = z.infer<typeof gateCheckSchema>;
