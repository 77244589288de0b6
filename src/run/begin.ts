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

/**
 * A run that was interrupted, or whose machine went away, in the newest folder of the same specification and version
 * that no other process writes.
 */
export async function unfinishedRun(outFolder: string, specSha256: string): Promise<string | undefined> {
  const names = await readdir(outFolder).catch(() => []);
  const candidates = names.filter((name) => name.includes(`_${specSha256.slice(0, 6)}`)).sort();
  for (const name of candidates.reverse()) {
    const path = join(outFolder, name);
    const header = await readRunHeader(path).catch(() => undefined);
    if (header?.spec_sha256 !== specSha256 || header.environment.turnbench !== packageVersion()) continue;
    if (header.finished_at !== null && header.status !== 'interrupted' && isReported(path)) continue;
    if (!(await isLocked(path))) return path;
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
  return header.finished_at !== null && header.status !== 'interrupted' && rows.size === plan.spec.dataset.ids.length;
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
  const before = leaves({ ...header.spec, turnbench: header.environment.turnbench });
  const now = leaves({ ...plan.spec, turnbench: packageVersion() });
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  const changes = keys
    .filter((key) => before.get(key) !== now.get(key))
    .map((key) => `  - ${key}: ${before.get(key) ?? 'nothing'} in the run, ${now.get(key) ?? 'nothing'} now`);
  if (changes.length === 0) return;
  throw new UserError(`the run ${path} cannot go on, it was another one:\n${changes.slice(0, 20).join('\n')}`, {
    hint: 'start a new run, or use the same flags, data and version again',
  });
}

/** `model.options.threshold` → `0.5`. A list is one leaf. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const text = JSON.stringify(value);
    return new Map([[path, text.length > 80 ? `${text.slice(0, 80)}…` : text]]);
  }
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...leaves(inner, path === '' ? key : `${path}.${key}`),
  ]);
  return new Map(entries);
}
