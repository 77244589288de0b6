/** What `turnbench bench --json` prints: how long the parts of a model take on one machine. Times are in ms. */

import { z } from 'zod';
import { environmentSchema, specSchema } from './schema.js';

export const BENCH_SCHEMA_VERSION = 1;

export const BENCH_KINDS = ['inference', 'features', 'video', 'end-to-end', 'decode', 'resample', 'decision'] as const;

const count = z.int().min(0);

const componentTimingSchema = z.strictObject({
  kind: z.enum(BENCH_KINDS),
  /** What one run does. */
  name: z.string(),
  /** Null where the model does not say. */
  provider: z.string().nullable(),
  threads: count.nullable(),
  samples: count,
  /** Above 1 where a run is too short for the clock: then a sample is the mean of so many runs. */
  runs_per_sample: count,
  p50_ms: z.number(),
  p90_ms: z.number(),
  p99_ms: z.number(),
  mean_ms: z.number(),
  /** Runs per second: 1000 / mean; null when the clock saw no time pass. */
  throughput_per_s: z.number().nullable(),
  /** By how much one run advances the audio of one pass, s; null where runs do not follow one another in time. */
  audio_s: z.number().nullable(),
  /** Mean time over that: below 1 is faster than real time. */
  rtf: z.number().nullable(),
});

const publishedTimingSchema = z.strictObject({
  kind: z.enum(BENCH_KINDS),
  name: z.string(),
  hardware: z.string(),
  p50_ms: z.number(),
  p90_ms: z.number(),
  mean_ms: z.number(),
  throughput_per_s: z.number(),
  source: z.string(),
  /** Why it is no more than orientation. */
  note: z.string(),
});

export const benchSchema = z.strictObject({
  schema_version: z.literal(BENCH_SCHEMA_VERSION),
  model: specSchema.shape.model.pick({ name: true, options: true, input_sample_rate_hz: true, weights: true }),
  settings: z.strictObject({
    /** Untimed runs before the timed ones. */
    warmup: count,
    runs: count,
    /** What was streamed. */
    dataset: z.string(),
    conversation_id: z.string(),
    sample_rate_hz: z.number(),
  }),
  environment: environmentSchema,
  components: z.array(componentTimingSchema).readonly(),
  /** What others report of the same parts, on their machines. */
  published: z.array(publishedTimingSchema).readonly(),
  noise: z.strictObject({
    /** Over the minute before the start; null where the system does not say. */
    load_average: z.number().nullable(),
    /** Of a fixed computation, repeated between the samples: p90 over p50. 1 is a machine of one's own. */
    probe_spread: z.number(),
    probe_samples: count,
  }),
  warnings: z.array(z.string()).readonly(),
});

export type BenchKind = (typeof BENCH_KINDS)[number];
export type ComponentTiming = z.infer<typeof componentTimingSchema>;
export type PublishedTiming = z.infer<typeof publishedTimingSchema>;
export type BenchReport = z.infer<typeof benchSchema>;
