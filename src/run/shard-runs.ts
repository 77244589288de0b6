/** Runs of shards that are to become one: are they parts of the same run, and is every part there? */

import { UserError } from '../core/errors.js';
import { canonicalJson } from '../io/hash.js';
import { readRun, type StoredRun } from '../result/run-folder.js';
import { isLocked } from '../result/run-lock.js';
import type { ConversationRow, RunSpec } from '../result/schema.js';
import { hasEnded } from './begin.js';
import { changesBetween } from './changes.js';

export interface ShardRuns {
  /** Runs that came to their end, by shard: at least one. */
  readonly ended: readonly [StoredRun, ...StoredRun[]];
  /** Runs that did not: everything in them is in others. */
  readonly leftOut: readonly StoredRun[];
  /** Of the whole run: that of every shard, without the shard. */
  readonly spec: RunSpec;
  /** One for every conversation of the specification, in its order. */
  readonly rows: readonly ConversationRow[];
}

/**
 * @param paths of run folders.
 * @throws UserError when they are of different specifications or program versions, when two of them answer differently
 * for the same conversation, or when conversations are missing; all differences and conversations are named.
 */
export async function readShardRuns(paths: readonly string[]): Promise<ShardRuns> {
  const runs: StoredRun[] = [];
  for (const path of paths) runs.push(await readRun(path));
  const [first, ...others] = runs.sort(byShard);
  if (!first) throw new UserError('there is nothing to merge', { hint: 'name the run folders of all shards' });
  for (const other of others) requireAlike(first, other);

  const ended: StoredRun[] = [];
  const leftOut: StoredRun[] = [];
  for (const run of runs) (hasEnded(run.header) && !(await isLocked(run.path)) ? ended : leftOut).push(run);
  requireAgreement(runs);
  const found = new Map(ended.flatMap(({ rows }) => rows.map((row) => [row.conversation_id, row])));
  const { shard: _, ...spec } = first.header.spec;
  const missing = spec.dataset.ids.filter((id) => !found.has(id));
  const [firstEnded, ...otherEnded] = ended;
  if (missing.length > 0 || !firstEnded) throw uncovered(spec, missing, ended, leftOut);
  return { ended: [firstEnded, ...otherEnded], leftOut, spec, rows: spec.dataset.ids.map((id) => found.get(id)!) };
}

/** `shard 2/4 (results/…)`. */
export function shardName({ path, header }: StoredRun): string {
  const { shard } = header.spec;
  return shard ? `shard ${shard.index}/${shard.count} (${path})` : path;
}

/** The order in which they are named must change nothing. */
function byShard(a: StoredRun, b: StoredRun): number {
  const [one, other] = [a.header.spec.shard, b.header.spec.shard];
  const difference = (one?.count ?? 0) - (other?.count ?? 0) || (one?.index ?? 0) - (other?.index ?? 0);
  return difference || (a.header.run < b.header.run ? -1 : 1);
}

/** What decides the numbers, and must be the same in all shards. */
function identityOf({ header: { spec, environment } }: StoredRun): object {
  const { shard: _, ...common } = spec;
  return { ...common, turnbench: environment.turnbench, onnxruntime: environment.onnxruntime };
}

function requireAlike(first: StoredRun, other: StoredRun): void {
  const changes = changesBetween(identityOf(first), identityOf(other));
  if (changes.length === 0) return;
  const lines = changes.map(({ key, before, after }) => `  - ${key}: ${before} and ${after}`);
  throw new UserError(`${first.path} and ${other.path} are not parts of one run:\n${lines.slice(0, 20).join('\n')}`, {
    hint: 'merge runs of the same model, options, data and program version',
  });
}

/** Whatever two runs say of the same conversation is the same, but for the time that it took. */
function requireAgreement(runs: readonly StoredRun[]): void {
  const known = new Map<string, { readonly text: string; readonly run: StoredRun }>();
  for (const run of runs) {
    for (const row of run.rows) {
      const text = canonicalJson({ ...row, timing: null, deployed: null });
      const before = known.get(row.conversation_id);
      if (before && before.text !== text) {
        throw new UserError(`${before.run.path} and ${run.path} disagree on conversation ${row.conversation_id}`, {
          hint: 'leave one of the two runs out; a model that answers differently each time has no numbers to merge',
        });
      }
      known.set(row.conversation_id, { text, run });
    }
  }
}

function uncovered(
  spec: RunSpec,
  missing: readonly string[],
  ended: readonly StoredRun[],
  unfinished: readonly StoredRun[],
): UserError {
  const counts = new Set([...ended, ...unfinished].map(({ header }) => header.spec.shard?.count ?? 1));
  const [count = 1] = counts;
  const given = new Set([...ended, ...unfinished].map(({ header }) => header.spec.shard?.index));
  const absent = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !given.has(index));
  const named = missing.slice(0, MOST_NAMED).join(', ');
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  const reasons = [
    ...(counts.size === 1 && count > 1 ? absent.map((index) => `there is no run of shard ${index}/${count}`) : []),
    ...unfinished.map((run) => `${shardName(run)} has not ended: its status is '${run.header.status}'`),
  ].map((reason) => `\n  - ${reason}`);
  return new UserError(
    `${missing.length} of ${spec.dataset.ids.length} conversations are missing: ${named}${more}${reasons.join('')}`,
    { hint: 'run the missing shards (the same command goes on where it stopped), then merge again' },
  );
}

const MOST_NAMED = 100;
