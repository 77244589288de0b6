/**
 * What other projects report of parts that ours have too: for orientation, not for comparison, since neither hardware
 * nor what exactly was timed is the same. Each entry says why.
 */

import type { PublishedTiming } from '../result/bench-schema.js';

const MULTIMODAL = 'susurobo/smart-turn-multimodal, README at 077d41d';
/** The project says "CPU" and no more. */
const UNNAMED_CPU = 'CPU, model not stated';
const T4 = 'NVIDIA T4';

const INFERENCE_NOTE = 'inputs all zero';
const END_TO_END_NOTE = 'audio features and inference: no video is decoded or prepared in this number';

const FEATURES: PublishedTiming = {
  kind: 'features',
  name: 'Audio Feature Extractor',
  hardware: UNNAMED_CPU,
  ...times(33.78, 37.29, 34.53, 29.0),
  source: MULTIMODAL,
  note: 'extracts 30 s without normalisation and keeps 8 s: not what the model is fed with',
};

const BY_MODEL: Readonly<Record<string, readonly PublishedTiming[]>> = {
  'smart-turn-v3': [FEATURES],
  'smart-turn-multimodal': [
    entry('inference', 'Direct inference', UNNAMED_CPU, times(769.32, 1188.0, 807.65, 1.2), INFERENCE_NOTE),
    entry('inference', 'Direct inference', T4, times(69.74, 71.54, 69.19, 14.5), INFERENCE_NOTE),
    FEATURES,
    entry('video', 'Video Preprocessor', UNNAMED_CPU, times(63.0, 72.27, 64.82, 15.4), 'one clip, decoding included'),
    entry('end-to-end', 'End to end', UNNAMED_CPU, times(716.0, 1005.46, 739.8, 1.4), END_TO_END_NOTE),
    entry('end-to-end', 'End to end', T4, times(96.76, 111.24, 100.17, 10.0), END_TO_END_NOTE),
  ],
};

/** @param model built-in name. Empty for a model that nobody has published times of. */
export function publishedTimings(model: string): readonly PublishedTiming[] {
  return BY_MODEL[model] ?? [];
}

type Times = Pick<PublishedTiming, 'p50_ms' | 'p90_ms' | 'mean_ms' | 'throughput_per_s'>;

function times(p50_ms: number, p90_ms: number, mean_ms: number, throughput_per_s: number): Times {
  return { p50_ms, p90_ms, mean_ms, throughput_per_s };
}

function entry(kind: PublishedTiming['kind'], name: string, hardware: string, measured: Times, note: string) {
  return { kind, name, hardware, ...measured, source: MULTIMODAL, note };
}
