/**
 * The pipeline: every conversation of a plan is streamed through the model, scored, and made durable before the next
 * one begins. A conversation that fails is recorded with its error and the rest goes on.
 */

import type { Dataset } from '../core/conversation.js';
import { messageOf } from '../core/errors.js';
import type { Timeline } from '../core/timeline.js';
import { currentLoad, noiseWarnings } from '../latency/noise.js';
import type { RunFolder } from '../result/run-folder.js';
import type { ConversationRow, RunHeader } from '../result/schema.js';
import { formOf, inOneForm, requireThresholds } from './answer-form.js';
import { beginRun, isComplete, underWay } from './begin.js';
import { concluded, predictionsOf } from './conclude.js';
import type { FinishedConversation } from './conversation.js';
import { laneCount, queueOf, runInProcess } from './in-process.js';
import { KeptAnswers, keptAnswersFolder } from './kept-answers.js';
import { liveFiles } from './live.js';
import { dealt, longestFirst } from './order.js';
import { type ConversationTraces, writePassFiles } from './pass-files.js';
import type { EvaluationPlan } from './plan.js';
import { type PoolSettings, runInPool } from './pool.js';
import { TrackFiles } from './track-files.js';

export interface EvaluationSettings {
  /** Run folders are made in here. */
  readonly outFolder: string;
  /** Folder of an unfinished run of the same plan that is to go on. */
  readonly resume?: string | undefined;
  /** Run conversations that failed in the resumed run once more. */
  readonly retryFailed?: boolean | undefined;
  /** Also write the probability files. */
  readonly tracks: boolean;
  /** Draws a pass for the tracks (SVG). */
  drawPass?(timeline: Timeline): string;
  /** Longest wait for one answer of a model, s. */
  readonly stepDeadlineS: number;
  /** Worker processes; without them everything happens in this process. They load the model and data set anew. */
  readonly pool?: Pick<PoolSettings, 'entry' | 'workers' | 'memoryBytes'> | undefined;
  /**
   * Use and keep what built-in networks have answered to the same audio, at most so many bytes. Default: run the model,
   * keep nothing.
   */
  readonly keptAnswersBytes?: number | undefined;
  /** Conversations at once in one process, for models with lanes. Default: as many as pay off. */
  readonly lanes?: number | undefined;
  /** What the steps of a run with `realtime` are timed with: ms, from any origin. Default: the real clock. */
  readonly nowMs?: (() => number) | undefined;
  /** For the record. */
  readonly argv: readonly string[];
  /** Aborted: the conversations under way are given up, the finished ones are saved. */
  readonly signal: AbortSignal;
  /** Called about once per second of audio with what was heard so far, both passes added, s. */
  onProgress(passS: number): void;
  onConversation(row: ConversationRow): void;
}

export interface FinishedRun {
  readonly folder: RunFolder;
  readonly header: RunHeader;
  /** In the order of the ids of the plan. */
  readonly rows: readonly ConversationRow[];
}

/**
 * @throws UserError when the run folder cannot be written, when a threshold or sweep was asked of a model that answers
 * bits of its own, or when the run to be resumed is of another specification or version.
 */
export async function evaluate(plan: EvaluationPlan, settings: EvaluationSettings): Promise<FinishedRun> {
  const startedMs = performance.now();
  const load = currentLoad();
  const { folder, header: found, rows } = await beginRun(plan, settings);
  const ordered = (): ConversationRow[] => inOneForm(plan.ids.flatMap((id) => rows.get(id) ?? []));
  try {
    const tracks = settings.tracks ? new TrackFiles(folder) : null;
    // Asked for only now, the files of a finished run are missing.
    const lacksFiles = tracks !== null && formOf(ordered()) === 'p_floor' && !tracks.areWritten();
    if (isComplete(found, plan, rows) && !lacksFiles) {
      await tracks?.clear();
      return { folder, header: found, rows: ordered() };
    }
    const header = underWay(found);
    try {
      await folder.writeHeader(header);
      await streamAll(plan, settings, { folder, rows, tracks });
      const finished = await finish(plan, folder, header, rows, tracks, (performance.now() - startedMs) / 1000);
      const timely = plan.spec.realtime ? [...noiseWarnings(load), ...slownessWarnings(finished.timing)] : [];
      const whole = { ...finished, warnings: [...finished.warnings, ...timely] };
      await folder.writeHeader(whole);
      // Only now: a run that is ended before its header says that it is whole goes on from its tracks.
      if (whole.status !== 'interrupted') await tracks?.clear();
      if (settings.keptAnswersBytes !== undefined) await keptAnswersFolder().trim(settings.keptAnswersBytes);
      return { folder, header: whole, rows: ordered() };
    } catch (error) {
      // Whatever the failure: what is finished is kept, and the folder says that it is not a whole run.
      await folder.write('predictions.json', predictionsOf([...rows.values()])).catch(() => {});
      const warnings = [...header.warnings, `the run stopped: ${messageOf(error)}`];
      await folder.writeHeader({ ...header, status: 'failed', finished_at: null, warnings }).catch(() => {});
      throw error;
    }
  } finally {
    await folder.close();
  }
}

/** A run under way. */
interface RunState {
  readonly folder: RunFolder;
  /** By conversation: filled as they finish. */
  readonly rows: Map<string, ConversationRow>;
  readonly tracks: TrackFiles | null;
}

async function streamAll(plan: EvaluationPlan, settings: EvaluationSettings, run: RunState): Promise<void> {
  const { folder, rows, tracks } = run;
  // Asked for only now, tracks are missing also where rows are there.
  const lacksTrack = (id: string) => tracks !== null && rows.get(id)?.status === 'ok' && !tracks.has(id);
  const todo = plan.ids.filter((id) => !rows.has(id) || lacksTrack(id));
  let heardS = 2 * [...rows.values()].reduce((sum, row) => sum + (row.status === 'ok' ? row.duration_s : 0), 0);
  const onProgress = (passS: number) => {
    heardS += passS;
    settings.onProgress(heardS);
  };
  const onFinished = async ({ row, durationS, pFloor }: FinishedConversation) => {
    if (plan.thresholdsAsked) requireThresholds(row);
    // Before the row: a row that is there has its track.
    if (row.status === 'ok') await tracks?.add(row.conversation_id, durationS, pFloor ?? null);
    await folder.append(row);
    rows.set(row.conversation_id, row);
    settings.onConversation(row);
  };
  const { signal, stepDeadlineS, nowMs, pool } = settings;
  if (pool && plan.model && todo.length > 0) {
    const { spec, dataset, loading } = plan;
    const job = {
      spec,
      loading,
      dataset: dataset.location,
      tracks: settings.tracks,
      parentPid: process.pid,
      runPath: folder.path,
      stepDeadlineS,
      keepsAnswers: settings.keptAnswersBytes !== undefined,
    };
    const share = Math.ceil(todo.length / pool.workers);
    const lanes = Math.min(laneCount(plan, settings.lanes), share);
    const ids = dealt(await longestFirst(plan.dataset, todo), pool.workers, lanes);
    return runInPool({ ...job, lanes }, ids, { ...pool, signal, onProgress }, onFinished);
  }
  const kept = settings.keptAnswersBytes === undefined ? undefined : KeptAnswers.of(plan.spec, plan.model);
  const lanes = Math.min(laneCount(plan, settings.lanes), Math.max(1, todo.length));
  const onTraces = (traces: ConversationTraces) =>
    writePassFiles(folder.path, traces, plan.spec.threshold!, settings.drawPass);
  return runInProcess(
    plan,
    queueOf(lanes > 1 ? await longestFirst(plan.dataset, todo) : todo),
    {
      ...{ lanes, tracks: settings.tracks, stepDeadlineS, kept, signal, nowMs, onProgress },
      ...(settings.tracks && { onTraces }),
      ...(plan.model?.live && { keepLive: liveFiles(folder.path) }),
    },
    onFinished,
  );
}

/** Everything that is derived from the rows, in the order of the data set, whoever finished first. */
async function finish(
  plan: EvaluationPlan,
  folder: RunFolder,
  header: RunHeader,
  found: ReadonlyMap<string, ConversationRow>,
  tracks: TrackFiles | null,
  wallS: number,
): Promise<RunHeader> {
  const { ids } = plan;
  const rows = inOneForm(ids.flatMap((id) => found.get(id) ?? []));
  await folder.write('predictions.json', predictionsOf(rows));
  const trackWarnings = (await tracks?.write(ids)) ?? [];
  if (rows.length === ids.length) await folder.settle(rows);
  return concluded(header, rows, {
    planned: ids.length,
    wallS,
    finishedAt: new Date().toISOString(),
    dataWarnings: plan.dataset.warnings,
    singleTurns: await hasSingleTurns(plan.dataset),
    trackWarnings,
  });
}

async function hasSingleTurns(dataset: Dataset): Promise<boolean> {
  const [first] = dataset.ids;
  return first !== undefined && (await dataset.open(first)).userTurn !== undefined;
}

function slownessWarnings(timing: RunHeader['timing']): string[] {
  const rtf = timing?.deployed?.rtf ?? 0;
  if (rtf < 1) return [];
  return [
    `the model needs ${rtf.toFixed(2)} s for a second of audio on this machine: live it would fall behind for good`,
  ];
}
