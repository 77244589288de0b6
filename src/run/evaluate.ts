/**
 * The pipeline: every conversation of a plan is streamed through the model, scored, and made durable before the next
 * one begins. A conversation that fails is recorded with its error and the rest goes on.
 */

import { messageOf } from '../core/errors.js';
import type { Timeline } from '../core/timeline.js';
import { currentLoad, noiseWarnings } from '../latency/noise.js';
import { runtimeInfo } from '../onnx/session.js';
import { captureEnvironment } from '../result/environment.js';
import { formatPredictions } from '../result/predictions.js';
import { RunFolder } from '../result/run-folder.js';
import { type ConversationRow, RUN_SCHEMA_VERSION, type RunHeader } from '../result/schema.js';
import { ConversationRunner } from './conversation.js';
import { type ConversationTraces, writePassFiles } from './pass-files.js';
import type { EvaluationPlan } from './plan.js';
import { summarise } from './summarise.js';
import { sweepWarnings } from './sweep-warnings.js';
import { TrackFiles } from './track-files.js';

export interface EvaluationSettings {
  /** Run folders are made in here. */
  readonly outFolder: string;
  /** Also write the probability files. Keeps 16 bytes per step in memory. */
  readonly tracks: boolean;
  /** Draws a pass for the tracks (SVG). */
  drawPass?(timeline: Timeline): string;
  /** Longest wait for one answer of a model, s. */
  readonly stepDeadlineS: number;
  /** What the steps of a run with `realtime` are timed with: ms, from any origin. Default: the real clock. */
  readonly nowMs?: (() => number) | undefined;
  /** For the record. */
  readonly argv: readonly string[];
  /** Aborted: the conversation under way is given up, the finished ones are saved. */
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
 * @throws UserError when the run folder cannot be written, or when a threshold or sweep was asked of a model that
 * answers bits of its own.
 */
export async function evaluate(plan: EvaluationPlan, settings: EvaluationSettings): Promise<FinishedRun> {
  const startedMs = performance.now();
  const load = currentLoad();
  const folder = await createFolder(plan, settings, new Date());
  const onTraces = (traces: ConversationTraces) =>
    writePassFiles(folder, traces, plan.spec.threshold!, settings.drawPass);
  const runner = new ConversationRunner(plan, { ...settings, ...(settings.tracks && { onTraces }) });
  const rows: ConversationRow[] = [];
  const tracks = settings.tracks ? new TrackFiles() : null;
  const savePredictions = async () => folder.write('predictions.json', predictionsOf(rows));
  let header = await openHeader(plan, settings, folder);
  try {
    await folder.writeHeader(header);
    for (const id of plan.spec.dataset.ids) {
      const finished = await runner.run(id);
      if (finished === null) break;
      await folder.append(finished.row);
      rows.push(finished.row);
      if (finished.pFloor) tracks?.add(id, finished.durationS, finished.pFloor);
      settings.onConversation(finished.row);
    }
    await savePredictions();
    await tracks?.write(folder);
    const numbers = summarise(rows, plan.spec, (performance.now() - startedMs) / 1000);
    header = {
      ...header,
      ...numbers,
      status: statusOf(rows, plan.spec.dataset.ids.length),
      finished_at: new Date().toISOString(),
      operating_threshold: runner.operatingThreshold,
      warnings: [
        ...plan.dataset.warnings,
        ...runner.warnings(),
        ...(tracks?.warnings() ?? []),
        ...sweepWarnings(
          numbers.operating_points,
          plan.spec.sweep_thresholds ?? [],
          plan.model?.thresholds !== undefined,
        ),
      ],
    };
    if (plan.spec.realtime) {
      header = {
        ...header,
        warnings: [...header.warnings, ...noiseWarnings(load), ...slownessWarnings(header.timing)],
      };
    }
    await folder.writeHeader(header);
  } catch (error) {
    // Whatever the failure: what is finished is kept, and the folder says that it is not a whole run.
    await savePredictions().catch(() => {});
    const warnings = [...header.warnings, `the run stopped: ${messageOf(error)}`];
    await folder.writeHeader({ ...header, status: 'failed', warnings }).catch(() => {});
    throw error;
  } finally {
    await folder.close();
  }
  return { folder, header, rows };
}

function createFolder(plan: EvaluationPlan, settings: EvaluationSettings, startedAt: Date): Promise<RunFolder> {
  const { model, dataset } = plan.spec;
  return RunFolder.create(settings.outFolder, startedAt, model.name, dataset.name, plan.specSha256);
}

async function openHeader(plan: EvaluationPlan, settings: EvaluationSettings, folder: RunFolder): Promise<RunHeader> {
  const usesRuntime = plan.spec.model.weights.some(({ file }) => file.endsWith('.onnx'));
  return {
    schema_version: RUN_SCHEMA_VERSION,
    status: 'running',
    run: folder.name,
    spec: plan.spec,
    spec_sha256: plan.specSha256,
    environment: captureEnvironment(settings.argv, usesRuntime ? (await runtimeInfo()).version : null),
    started_at: new Date().toISOString(),
    finished_at: null,
    operating_threshold: plan.spec.threshold,
    timing: null,
    totals: null,
    sweep: null,
    operating_points: null,
    failures: [],
    warnings: [],
  };
}

function slownessWarnings(timing: RunHeader['timing']): string[] {
  const rtf = timing?.deployed?.rtf ?? 0;
  if (rtf < 1) return [];
  return [
    `the model needs ${rtf.toFixed(2)} s for a second of audio on this machine: live it would fall behind for good`,
  ];
}

function predictionsOf(rows: readonly ConversationRow[]): string {
  return formatPredictions(
    new Map(rows.flatMap((row) => (row.status === 'ok' ? [[row.conversation_id, row.events]] : []))),
  );
}

function statusOf(rows: readonly ConversationRow[], planned: number): RunHeader['status'] {
  if (rows.length < planned) return 'interrupted';
  const failed = rows.filter((row) => row.status === 'failed').length;
  if (failed === 0) return 'success';
  return failed === rows.length ? 'failed' : 'partial';
}
