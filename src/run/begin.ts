/** How a run begins: in a new folder, or where an interrupted run of the same specification has stopped. */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { runtimeInfo } from '../onnx/session.js';
import { captureEnvironment, packageVersion } from '../result/environment.js';
import { RunFolder, readConversationRows, readRunHeader } from '../result/run-folder.js';
import { isLocked } from '../result/run-lock.js';
import { type ConversationRow, RUN_SCHEMA_VERSION, type RunHeader } from '../result/schema.js';
import { changesBetween } from './changes.js';
import type { EvaluationPlan } from './plan.js';

export interface BegunRun {
  readonly folder: RunFolder;
  readonly header: RunHeader;
  /** Finished conversations that need not be run again, by id. */
  readonly rows: Map<string, ConversationRow>;
}

interface BeginSettings {
  readonly outFolder: string;
  readonly resume?: string | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly argv: readonly string[];
}

/** @throws UserError when no folder can be made, or the run to be resumed is another one. */
export async function beginRun(plan: EvaluationPlan, settings: BeginSettings): Promise<BegunRun> {
  const { resume } = settings;
  if (resume === undefined) {
    const startedAt = new Date();
    const { model, dataset } = plan.spec;
    const folder = await RunFolder.create(settings.outFolder, startedAt, model.name, dataset.name, plan.specSha256);
    return { folder, header: await newHeader(plan, settings.argv, folder.name, startedAt), rows: new Map() };
  }
  const header = await readRunHeader(resume);
  requireSameRun(header, plan, resume);
  const folder = await RunFolder.reopen(resume);
  try {
    const rows = (await readConversationRows(resume)).filter((row) => row.status === 'ok' || !settings.retryFailed);
    const kept = new Map(rows.map((row) => [row.conversation_id, row]));
    return { folder, header, rows: kept };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Which run is taken up. */
export interface Continuable {
  /** Also one that another process writes, or wrote until a moment ago. */
  readonly busy: boolean;
  /** Whether one that came to its end will do as well. */
  isDone(path: string, header: RunHeader): boolean;
}

/**
 * A run that was interrupted, or whose machine went away, in the newest folder of the same specification and version.
 */
export async function unfinishedRun(
  outFolder: string,
  specSha256: string,
  wanted: Continuable = { busy: false, isDone: () => false },
): Promise<string | undefined> {
  const names = await readdir(outFolder).catch(() => []);
  const candidates = names.filter((name) => name.includes(`_${specSha256.slice(0, 6)}`)).sort();
  for (const name of candidates.reverse()) {
    const path = join(outFolder, name);
    const header = await readRunHeader(path).catch(() => undefined);
    if (header?.spec_sha256 !== specSha256 || header.environment.turnbench !== packageVersion()) continue;
    if (hasEnded(header) && isReported(path) && !wanted.isDone(path, header)) continue;
    if (wanted.busy || !(await isLocked(path))) return path;
  }
  return undefined;
}

/** Written last of all: where it is missing, something ended the run between its numbers and its reports. */
export const LAST_FILE = 'report.md';

function isReported(path: string): boolean {
  return existsSync(join(path, LAST_FILE));
}

/** Nothing is left to stream. */
export function isComplete(header: RunHeader, plan: EvaluationPlan, rows: ReadonlyMap<string, unknown>): boolean {
  return hasEnded(header) && rows.size === plan.ids.length;
}

/** It came to its end: every conversation that it was to stream is finished or has failed. */
export function hasEnded({ finished_at, status }: RunHeader): boolean {
  return finished_at !== null && status !== 'interrupted';
}

/** A header that goes on, without the numbers of the last time: whoever reads it meanwhile must not take them for these. */
export function underWay(header: RunHeader): RunHeader {
  const numbers = { timing: null, totals: null, sweep: null, operating_points: null };
  return { ...header, ...numbers, status: 'running', finished_at: null, failures: [], warnings: [] };
}

async function newHeader(
  plan: EvaluationPlan,
  argv: readonly string[],
  name: string,
  startedAt: Date,
): Promise<RunHeader> {
  const usesRuntime = plan.spec.model.weights.some(({ file }) => file.endsWith('.onnx'));
  return {
    schema_version: RUN_SCHEMA_VERSION,
    status: 'running',
    run: name,
    spec: plan.spec,
    spec_sha256: plan.specSha256,
    environment: captureEnvironment(argv, usesRuntime ? (await runtimeInfo()).version : null),
    started_at: startedAt.toISOString(),
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

/** @throws UserError naming every difference between what the run was and what it would go on as. */
function requireSameRun(header: RunHeader, plan: EvaluationPlan, path: string): void {
  const before = { ...header.spec, turnbench: header.environment.turnbench };
  const changes = changesBetween(before, { ...plan.spec, turnbench: packageVersion() });
  if (changes.length === 0) return;
  const lines = changes.map(({ key, before, after }) => `  - ${key}: ${before} in the run, ${after} now`);
  throw new UserError(`the run ${path} cannot go on, it was another one:\n${lines.slice(0, 20).join('\n')}`, {
    hint: 'start a new run, or use the same flags, data and version again',
  });
}
