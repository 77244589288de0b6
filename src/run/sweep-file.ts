/** Sweeping a probability file: candidate thresholds, rows, the operating point under a budget. */

import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { Task } from '../core/events.js';
import { SPEAKERS } from '../core/speaker.js';
import { readJsonNumbers } from '../io/number-lists.js';
import { type Probabilities, parseProbabilities } from '../result/probabilities.js';
import { CANDIDATE_QUANTILES, candidateThresholds } from '../sweep/candidates.js';
import { operatingChoices } from '../sweep/operating-point.js';
import { type ProbabilityRow, sweepProbabilities } from '../sweep/probabilities.js';
import { durationsOf, expectedIds, goldOf, hasKey } from './score-file.js';

export interface FileSweepOptions {
  /** Ascending; absent = quantiles of the file united with 0.01 … 0.99. */
  readonly thresholds?: readonly number[] | undefined;
  readonly quantiles?: number | undefined;
  readonly fpBudget: number;
  readonly refractoryS: number;
  /** Conversations that are swept over, as for `scorePredictionsFile`; absent = the whole data set. */
  readonly ids?: readonly string[] | undefined;
}

export interface SweepRowOnDisk {
  readonly threshold: number;
  readonly recall: number | null;
  readonly fp_rate: number | null;
  readonly false_int_rate: number | null;
  readonly latency_p10_ms: number | null;
  readonly latency_p50_ms: number | null;
  readonly latency_p90_ms: number | null;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
  /** Null of interruptions. */
  readonly cutoff_rate: number | null;
  readonly ep50_ms: number | null;
  readonly ep90_ms: number | null;
}

export interface FileSweep {
  readonly task: Task;
  readonly rows: readonly SweepRowOnDisk[];
  readonly operating_point: SweepRowOnDisk | null;
  readonly latency_first: SweepRowOnDisk | null;
  readonly cutoff_first: SweepRowOnDisk | null;
}

/** @throws UserError when the file breaks the format or has other conversations, or when one has no annotations. */
export async function sweepProbabilityFile(
  file: string,
  dataset: Dataset,
  options: FileSweepOptions,
): Promise<FileSweep> {
  const { ids = dataset.ids } = options;
  const { task, frameRateHz, tracks } = await readProbabilities(file, dataset, ids);
  const golds = await goldOf(dataset, ids);
  const conversations = ids.map((id) => ({ gold: golds.get(id)!, prob: tracks.get(id)! }));
  const pooled = conversations.flatMap(({ prob }) => SPEAKERS.map((speaker) => prob[speaker]));
  const thresholds = options.thresholds ?? candidateThresholds(pooled, options.quantiles ?? CANDIDATE_QUANTILES);
  const rows = sweepProbabilities(conversations, {
    task,
    frameRateHz,
    thresholds,
    refractoryS: options.refractoryS,
  });
  const { recallFirst, latencyFirst, cutoffFirst } = operatingChoices(rows, options.fpBudget, (row) => row);
  return {
    task,
    rows: rows.map(onDisk),
    operating_point: recallFirst ? onDisk(recallFirst) : null,
    latency_first: latencyFirst ? onDisk(latencyFirst) : null,
    cutoff_first: cutoffFirst ? onDisk(cutoffFirst) : null,
  };
}

async function readProbabilities(file: string, dataset: Dataset, ids: readonly string[]): Promise<Probabilities> {
  const value = await readJsonNumbers(file);
  if (hasKey(value, 'predictions')) {
    throw new UserError(`${file} is a predictions file, not a probability file`, { hint: 'turnbench score reads it' });
  }
  return parseProbabilities(value, await durationsOf(dataset, expectedIds(value, dataset, ids)), file);
}

function onDisk(row: ProbabilityRow): SweepRowOnDisk {
  return {
    threshold: row.threshold,
    recall: row.recall ?? null,
    fp_rate: row.fpRate ?? null,
    false_int_rate: row.falseIntRate ?? null,
    latency_p10_ms: row.latencyP10Ms ?? null,
    latency_p50_ms: row.latencyP50Ms ?? null,
    latency_p90_ms: row.latencyP90Ms ?? null,
    tp: row.tp,
    fp: row.fp,
    fn: row.fn,
    tn: row.tn,
    cutoff_rate: row.cutoffRate ?? null,
    ep50_ms: row.ep50Ms ?? null,
    ep90_ms: row.ep90Ms ?? null,
  };
}
