/**
 * `run.json` and the rows of `conversations.jsonl`: what a run was asked to do, on what, and what came out.
 *
 * Keys on disk are snake_case with their unit. A number that has nothing to measure is `null`; the `n`, `anchors` or
 * counts beside it say why. Readers reject unknown keys; a new key is a minor change, a changed one a new version.
 */

import { z } from 'zod';
import { byState } from '../core/counts.js';
import { agentSchema, agentTotalsSchema } from './agent-schema.js';

export const RUN_SCHEMA_VERSION = 1;
/** Raised when scoring the same events against the same gold could give other numbers. */
export const SCORER_VERSION = 1;
/** Raised when the same annotations could give other gold. */
export const GOLD_VERSION = 1;

const count = z.int().min(0);
const number = z.number().nullable();
/** 95 % interval: lower, upper. Null when a bootstrap over conversations has nothing to say (one conversation). */
const interval = z.tuple([z.number(), z.number()]).nullable();

const percentiles = z.strictObject({ p10: number, p50: number, p90: number });
const percentileIntervals = z.strictObject({ p10: interval, p50: interval, p90: interval });

export const taskScoreSchema = z.strictObject({
  tp: count,
  fn: count,
  fp: count,
  tn: count,
  recall: number,
  fp_rate: number,
  latency_ms: percentiles,
});

const taskIntervalsSchema = z.strictObject({ recall: interval, fp_rate: interval, latency_ms: percentileIntervals });

const taskTotalsSchema = taskScoreSchema.extend({
  false_alarms_per_hour: number,
  intervals: taskIntervalsSchema.extend({ false_alarms_per_hour: interval }),
});

const floorTotalsSchema = z.strictObject({
  /** Steps of 20 ms, positive = the subject holds the floor. */
  confusion: z.strictObject({ tp: count, fn: count, fp: count, tn: count }),
  accuracy: number,
  balanced_accuracy: number,
  precision: number,
  recall: number,
  f1: number,
  accuracy_by_state: z.strictObject(byState(() => number)),
  hold_accuracy: number,
  holds: count,
  shift_accuracy: number,
  shifts: count,
  flips_per_minute: number,
  /** Of P(floor) against the gold floor; null for models that answer bits. */
  auc: number,
  average_precision: number,
  intervals: z.strictObject({
    accuracy: interval,
    balanced_accuracy: interval,
    precision: interval,
    recall: interval,
    f1: interval,
    accuracy_by_state: z.strictObject(byState(() => interval)),
    hold_accuracy: interval,
    shift_accuracy: interval,
    flips_per_minute: interval,
    auc: interval,
    average_precision: interval,
  }),
});

const endpointTotalsSchema = z.strictObject({
  anchors: count,
  cut_offs: count,
  missed: count,
  cutoff_rate: number,
  ep50_ms: number,
  ep90_ms: number,
  ep99_ms: number,
  intervals: z.strictObject({ cutoff_rate: interval, ep50_ms: interval, ep90_ms: interval, ep99_ms: interval }),
});

/** The same events at the times at which they would have left this machine live. Null without `--realtime`. */
const deployedTotalsSchema = z.strictObject({
  eot: taskTotalsSchema,
  int: taskTotalsSchema,
  endpoint: endpointTotalsSchema,
});

export const totalsSchema = z.strictObject({
  conversations: count,
  /** Audio scored, one channel pair counted once, h. */
  audio_hours: z.number(),
  eot: taskTotalsSchema,
  int: taskTotalsSchema,
  floor: floorTotalsSchema,
  endpoint: endpointTotalsSchema,
  deployed: deployedTotalsSchema.nullable(),
});

/** One row of `sweep.csv`, in its column order. */
export const sweepRowSchema = z.strictObject({
  threshold: z.number(),
  eot_recall: number,
  eot_fp_rate: number,
  eot_latency_p10_ms: number,
  eot_latency_p50_ms: number,
  eot_latency_p90_ms: number,
  eot_tp: count,
  eot_fn: count,
  eot_fp: count,
  eot_tn: count,
  int_recall: number,
  int_fp_rate: number,
  int_latency_p10_ms: number,
  int_latency_p50_ms: number,
  int_latency_p90_ms: number,
  int_tp: count,
  int_fn: count,
  int_fp: count,
  int_tn: count,
  floor_accuracy: number,
  floor_balanced_accuracy: number,
  floor_f1: number,
  cutoff_rate: number,
  ep50_ms: number,
  ep90_ms: number,
});

export const SWEEP_COLUMNS = Object.keys(sweepRowSchema.shape) as readonly (keyof SweepRow)[];

const operatingPointsSchema = z.strictObject({
  /** Highest false-positive rate allowed when choosing. */
  fp_budget: z.number(),
  /** The row with the highest recall within the budget, per task; null when no row is within it. */
  eot: sweepRowSchema.nullable(),
  int: sweepRowSchema.nullable(),
  /** Within the budget and at nearly the recall of the row above: the lowest latency p50, and the lowest cut-off rate. */
  latency_first: z.strictObject({ eot: sweepRowSchema.nullable(), int: sweepRowSchema.nullable() }).optional(),
  cutoff_first: sweepRowSchema.nullable().optional(),
  /** Cut-off rate where the curve of cut-off rate against EP50 passes 160 ms. */
  cutoff_rate_at_ep50_160_ms: number,
  /** Of the task's own numbers in the chosen rows, with the thresholds as they were chosen; null without a row. */
  intervals: z.strictObject({
    eot: taskIntervalsSchema.nullable(),
    int: taskIntervalsSchema.nullable(),
    cutoff_rate_at_ep50_160_ms: interval,
  }),
});

export const specSchema = z.strictObject({
  model: z.strictObject({
    name: z.string(),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    /** Hz; null for an event source that hears nothing. */
    input_sample_rate_hz: z.number().nullable(),
    /** SHA-256 of the module of an outside model; null for a built-in one. What the module imports is not in it. */
    code_sha256: z.string().nullable(),
    weights: z.array(z.strictObject({ file: z.string(), sha256: z.string() })),
  }),
  dataset: z.strictObject({
    name: z.string(),
    version: z.string(),
    revision: z.string(),
    ids: z.array(z.string()).readonly(),
  }),
  /** Operating point asked for; null for an event source. */
  threshold: z.number().nullable(),
  /**
   * Threshold of INT events where it is another than that of EOT events and of everything that is counted of the floor.
   * Absent in runs with one threshold, whose hash it leaves alone.
   */
  int_threshold: z.number().optional(),
  /** Thresholds of the sweep, ascending; null without a sweep. */
  sweep_thresholds: z.array(z.number()).readonly().nullable(),
  /** Highest false-positive rate of the operating points. Absent when it is the default, whose hash it leaves alone. */
  fp_budget: z.number().min(0).max(1).optional(),
  /** Every step was timed by itself, in two separate passes. Absent in other runs, whose hash it leaves alone. */
  realtime: z.literal(true).optional(),
  /** The part of `dataset.ids` that this run streamed: `index` (from 1) of `count`. Absent in whole and merged runs. */
  shard: z.strictObject({ index: z.int().min(1), count: z.int().min(1) }).optional(),
  scorer_version: z.int(),
  gold_version: z.int(),
  /** Of the bootstrap. */
  seed: z.int(),
});

export const environmentSchema = z.strictObject({
  turnbench: z.string(),
  node: z.string(),
  onnxruntime: z.string().nullable(),
  os: z.string(),
  cpu: z.strictObject({ model: z.string(), cores: count }),
  memory_gb: z.number(),
  git: z.strictObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  argv: z.array(z.string()).readonly(),
});

export const failureSchema = z.strictObject({
  conversation_id: z.string(),
  error: z.string(),
  hint: z.string().nullable(),
});

/** Steps of 20 ms of both passes, each timed by itself. */
const deployedTimingSchema = z.strictObject({
  steps: count,
  /** Compute time of a step, ms; percentiles are at most 1 % off. */
  step_ms: z.strictObject({ mean: z.number(), p50: z.number(), p90: z.number(), p99: z.number() }),
  /** Steps whose decision left after the next step had been heard, and their share. */
  late_steps: count,
  late_rate: z.number(),
  /** Compute seconds per second of one pass: from 1 on a live system falls behind for good. */
  rtf: z.number(),
});

export const runSchema = z.strictObject({
  schema_version: z.literal(RUN_SCHEMA_VERSION),
  /** `running` is what an interrupted machine leaves behind; numbers of anything but `success`, and of a shard, are not the whole set. */
  status: z.enum(['running', 'success', 'partial', 'interrupted', 'failed']),
  /** Folder name. */
  run: z.string(),
  spec: specSchema,
  /** SHA-256 of the canonical JSON of `spec`. Runs of equal hash asked for the same thing. */
  spec_sha256: z.string(),
  environment: environmentSchema,
  started_at: z.string(),
  finished_at: z.string().nullable(),
  /**
   * Operating point of the totals, apart from those of INT in a run with `int_threshold`; null when the model answered
   * floor bits of its own.
   */
  operating_threshold: z.number().nullable(),
  timing: z
    .strictObject({
      /** Inside the model, s. */
      compute_s: z.number(),
      /** Everything, s. */
      wall_s: z.number(),
      /** Compute seconds per second of conversation (both passes): below 1 is faster than real time. */
      rtf: z.number(),
      /** Null without `--realtime`. */
      deployed: deployedTimingSchema.nullable(),
    })
    .nullable(),
  totals: totalsSchema.nullable(),
  /** Absent unless the model is a live system that speaks. */
  agent: agentTotalsSchema.optional(),
  sweep: z.array(sweepRowSchema).readonly().nullable(),
  operating_points: operatingPointsSchema.nullable(),
  failures: z.array(failureSchema).readonly(),
  warnings: z.array(z.string()).readonly(),
});

const taskCountsSchema = z.strictObject({
  tp: count,
  fn: count,
  fp: count,
  tn: count,
  latencies_ms: z.array(z.number()).readonly(),
});

const stateCountsSchema = z.strictObject({ held: count, released: count });

const eventCountsSchema = z.strictObject({
  eot: taskCountsSchema,
  int: taskCountsSchema,
  endpoint: z.strictObject({ cut_offs: count, missed: count, latencies_ms: z.array(z.number()).readonly() }),
  false_alarms: z.strictObject({ eot: count, int: count }),
  speech_s: z.number(),
});

export const countsSchema = eventCountsSchema.extend({
  floor: z.strictObject(byState(() => stateCountsSchema)),
  holds: z.strictObject({ total: count, kept: count }),
  shifts: z.strictObject({ total: count, released: count }),
  flips: count,
  pass_s: z.number(),
});

const times = z.array(z.number()).readonly();
const speakerEventsSchema = z.strictObject({ eot: times, interruption: times });

/** Committed events, s, as in `predictions.json`. */
const eventsSchema = z.strictObject({ speaker_1: speakerEventsSchema, speaker_2: speakerEventsSchema });

/** What the passes answered, so that a report can move the threshold without running the model again. */
/** A week: what a damaged row claims must not become memory. */
const STEPS_MAX = 7 * 24 * 3600 * 50;

const floorSchema = z.strictObject({
  /** Of 20 ms, of one pass. */
  steps: count.max(STEPS_MAX),
  /** Ascending; null for a model that answers bits of its own. */
  thresholds: z.array(z.number()).readonly().nullable(),
  /** Per step, how many of the thresholds P(floor) exceeds (or the bit): run lengths and changes, base 64. */
  speaker_1: z.string(),
  speaker_2: z.string(),
});

const unseenSchema = z.strictObject({ speaker_1: z.number().nullable(), speaker_2: z.number().nullable() });

/** What a run with `--realtime` measured in one conversation, both passes added. */
const deployedSchema = z.strictObject({
  /** Of events at the times at which they would have left; null when the data set has no annotations. */
  counts: eventCountsSchema.nullable(),
  /** Compute time of all steps, ms. */
  compute_ms: z.number(),
  late_steps: count,
  /** Compute times of single steps in bins of equal ratio, `[bin, steps]`, occupied bins only. */
  step_bins: z.array(z.tuple([count, count])).readonly(),
});

/** One row of `conversations.jsonl`. */
export const conversationRowSchema = z.discriminatedUnion('status', [
  z.strictObject({
    conversation_id: z.string(),
    status: z.literal('ok'),
    tags: z.record(z.string(), z.string()),
    duration_s: z.number(),
    /** At the run's operating point; null when the data set has no annotations. */
    counts: countsSchema.nullable(),
    /** One per sweep threshold, same order. */
    sweep: z.array(countsSchema).readonly().nullable(),
    /** P(floor) of scored steps in bins, `[bin, steps with gold 0, steps with gold 1]`, occupied bins only. */
    floor_histogram: z
      .array(z.tuple([count, count, count]))
      .readonly()
      .nullable(),
    /** Form of the answers; null for the oracle, which gives none. */
    answered: z.enum(['bit', 'bits', 'p_floor']).nullable(),
    /** Segments by label that the gold rules do not know. */
    unknown_labels: z.record(z.string(), count),
    /** At the run's operating point. */
    events: eventsSchema,
    /** Null for the oracle. */
    floor: floorSchema.nullable(),
    /**
     * With `deployed`, the only numbers that differ between two identical runs. Conversations that are streamed side by
     * side share the time that they take together.
     */
    timing: z.strictObject({
      compute_s: z.number(),
      wall_s: z.number(),
      /** The answers are those of an earlier run, and so is `compute_s`. */
      kept: z.literal(true).optional(),
    }),
    /** Null without `--realtime`. */
    deployed: deployedSchema.nullable(),
    /** s of the audio that the video of a speaker does not cover; null without any. Absent where the model did not look. */
    unseen_s: unseenSchema.optional(),
    agent: agentSchema.optional(),
    /** Of a live system: how late the latest 20 ms of audio were sent, ms. */
    largest_lag_ms: z.number().optional(),
  }),
  z.strictObject({
    conversation_id: z.string(),
    status: z.literal('failed'),
    error: z.string(),
    hint: z.string().nullable(),
  }),
]);

export type TaskScore = z.infer<typeof taskScoreSchema>;
export type TaskIntervals = z.infer<typeof taskIntervalsSchema>;
export type Totals = z.infer<typeof totalsSchema>;
export type SweepRow = z.infer<typeof sweepRowSchema>;
export type OperatingPoints = z.infer<typeof operatingPointsSchema>;
export type RunSpec = z.infer<typeof specSchema>;
export type Environment = z.infer<typeof environmentSchema>;
export type Failure = z.infer<typeof failureSchema>;
export type RunHeader = z.infer<typeof runSchema>;
export type CountsOnDisk = z.infer<typeof countsSchema>;
export type EventCountsOnDisk = z.infer<typeof eventCountsSchema>;
export type EventsOnDisk = z.infer<typeof eventsSchema>;
export type FloorOnDisk = z.infer<typeof floorSchema>;
export type UnseenOnDisk = z.infer<typeof unseenSchema>;
export type DeployedOnDisk = z.infer<typeof deployedSchema>;
export type DeployedTiming = z.infer<typeof deployedTimingSchema>;
export type ConversationRow = z.infer<typeof conversationRowSchema>;
