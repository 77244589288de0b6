/**
 * From a request to a plan: everything that can be wrong before any audio is heard is found here. The plan's
 * specification is all that decides the numbers of a run; its hash names the run.
 */

import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { DiscriminativeModel, ModelOptions } from '../core/model.js';
import { canonicalJson, sha256Text } from '../io/hash.js';
import { type LoadSettings, loadModel, modelCodeSha256 } from '../models/catalogue.js';
import { GOLD_VERSION, type RunSpec, SCORER_VERSION } from '../result/schema.js';
import { UNIFORM_THRESHOLDS } from '../sweep/grid.js';
import { DEFAULT_FP_BUDGET } from '../sweep/operating-point.js';
import { decoderVersion } from '../video/programs.js';
import { idsOfShard, type Shard } from './shard.js';

/** P(floor) above which a model holds the floor when neither the user nor the model says otherwise. */
const DEFAULT_THRESHOLD = 0.5;

/** Not a model: it hears nothing and replays the gold events, so its scores show what the gold itself allows. */
export const ORACLE = 'oracle';

export interface EvaluationRequest {
  /** Whatever `loadModel` takes, or `oracle`. */
  readonly model: string;
  readonly options: ModelOptions;
  readonly dataset: Dataset;
  /** The whole selection, also of a shard. */
  readonly ids: readonly string[];
  /** Stream only this part of the selection. */
  readonly shard?: Shard | undefined;
  /** Operating point in (0, 1); undefined = the model's own. */
  readonly threshold?: number | undefined;
  /** Operating point of INT events alone; undefined = the same. Needs `threshold`. */
  readonly intThreshold?: number | undefined;
  /** Ascending, in (0, 1); null = no sweep. A model with `thresholds` of its own is swept over those. */
  readonly sweep: readonly number[] | null;
  /** Highest false-positive rate of the operating points chosen from the sweep, in [0, 1]. */
  readonly fpBudget?: number | undefined;
  /** The user asked for threshold or sweep: a model that cannot follow is an error instead of a warning. */
  readonly thresholdsAsked: boolean;
  /** Time every step by itself, for latencies as they would be live on this machine. */
  readonly realtime?: boolean | undefined;
  /** Interpreter of Python models; undefined = as the environment says. */
  readonly python?: string | undefined;
  /** Of the bootstrap. */
  readonly seed: number;
}

export interface EvaluationPlan {
  readonly spec: RunSpec;
  readonly specSha256: string;
  /** Null for the oracle. */
  readonly model: DiscriminativeModel | null;
  readonly dataset: Dataset;
  /** What this run streams: all ids of the specification, or those of its shard. */
  readonly ids: readonly string[];
  readonly thresholdsAsked: boolean;
  /** How the model was loaded, besides its options: a worker loads it the same way. */
  readonly loading: LoadSettings;
}

/**
 * @throws UserError when the model cannot be loaded, its options or form are wrong, it does not answer at the threshold
 * asked for, there are fewer conversations than shards, or there is video that it wants to see and no ffmpeg (exit 5).
 */
export async function planEvaluation(request: EvaluationRequest): Promise<EvaluationPlan> {
  const loading = { python: request.python, sweep: request.sweep !== null };
  const model =
    request.model === ORACLE ? oracle(request) : await loadModel(request.model, request.options, undefined, loading);
  try {
    return await planWith(model, request, loading);
  } catch (error) {
    await model?.close?.();
    throw error;
  }
}

async function planWith(
  model: DiscriminativeModel | null,
  request: EvaluationRequest,
  loading: LoadSettings,
): Promise<EvaluationPlan> {
  const { dataset, shard } = request;
  const ids = shard ? await idsOfShard(dataset, request.ids, shard) : request.ids;
  if (model?.video) await requireDecoder(dataset, ids);
  if (model?.live) refuseLive(request);
  const spec: RunSpec = {
    model: {
      name: request.model,
      options: request.options,
      input_sample_rate_hz: model?.inputSampleRate ?? null,
      code_sha256: model && (await modelCodeSha256(request.model)),
      weights: (model?.weights ?? []).map(({ file, sha256 }) => ({ file, sha256 })),
    },
    dataset: {
      name: dataset.info.name,
      version: dataset.info.version,
      revision: dataset.info.revision,
      ids: request.ids,
    },
    ...(model === null ? { threshold: null, sweep_thresholds: null } : thresholdsOf(request, model)),
    // Servers answer bits.
    ...(model?.live && { sweep_thresholds: null }),
    ...(isOtherBudget(request.fpBudget) && { fp_budget: request.fpBudget }),
    ...(request.realtime ? { realtime: true } : {}),
    ...(shard && { shard }),
    scorer_version: SCORER_VERSION,
    gold_version: GOLD_VERSION,
    seed: request.seed,
  };
  return {
    spec,
    specSha256: sha256Text(canonicalJson(spec)),
    model,
    dataset,
    ids,
    thresholdsAsked: request.thresholdsAsked,
    loading,
  };
}

/** What can only be found out by talking to the server is found out here. */
function refuseLive({ model, realtime, thresholdsAsked }: EvaluationRequest): void {
  if (realtime) {
    throw new UserError(`'${model}' is a live system: all its latencies are real already`, {
      hint: 'leave out --realtime',
    });
  }
  if (thresholdsAsked) {
    throw new UserError(`'${model}' is a live system: it has no threshold to set or sweep from here`, {
      hint: 'leave out --threshold and --sweep; its options are in turnbench models info',
    });
  }
}

async function requireDecoder(dataset: Dataset, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { video } = await dataset.open(id);
    if (video) return void (await decoderVersion());
  }
}

function isOtherBudget(fpBudget: number | undefined): fpBudget is number {
  return fpBudget !== undefined && fpBudget !== DEFAULT_FP_BUDGET;
}

function oracle({ options, thresholdsAsked, realtime }: EvaluationRequest): null {
  const hint = 'it replays the gold events whatever it is told';
  if (Object.keys(options).length > 0) throw new UserError(`'${ORACLE}' has no options`, { hint });
  if (thresholdsAsked) throw new UserError(`'${ORACLE}' has no threshold to set or sweep`, { hint });
  if (realtime) throw new UserError(`'${ORACLE}' computes nothing that could be timed`, { hint });
  return null;
}

function thresholdsOf(
  request: EvaluationRequest,
  model: DiscriminativeModel,
): Pick<RunSpec, 'threshold' | 'int_threshold' | 'sweep_thresholds'> {
  const own = model.thresholds;
  const { intThreshold } = request;
  const ofInt = intThreshold !== undefined && intThreshold !== request.threshold && { int_threshold: intThreshold };
  if (own === undefined) {
    return {
      threshold: request.threshold ?? model.defaultThreshold ?? DEFAULT_THRESHOLD,
      ...ofInt,
      sweep_thresholds: request.sweep,
    };
  }
  const asked = request.thresholdsAsked && request.sweep !== UNIFORM_THRESHOLDS ? (request.sweep ?? []) : [];
  const missing = asked.filter((threshold) => !own.includes(threshold));
  if (missing.length > 0) {
    throw new UserError(`model '${request.model}' does not answer at the thresholds ${missing.join(', ')}`, {
      hint: `it has its own and is swept over those: ${own.join(', ')}`,
    });
  }
  const wanted = request.threshold ?? model.defaultThreshold ?? DEFAULT_THRESHOLD;
  const unknown = [request.threshold, intThreshold].find((asked) => asked !== undefined && !own.includes(asked));
  if (unknown !== undefined) {
    throw new UserError(`model '${request.model}' does not answer at threshold ${unknown}`, {
      hint: `it answers at ${own.join(', ')}`,
    });
  }
  if (own.includes(wanted)) return { threshold: wanted, ...ofInt, sweep_thresholds: own };
  return { threshold: own[Math.floor(own.length / 2)] ?? wanted, sweep_thresholds: own };
}
