import { isLocked, untilFree } from '../result/run-lock.js';
import { unfinishedRun } from '../run/begin.js';
import type { EvaluationPlan } from '../run/plan.js';
import { wasTracked } from '../run/track-files.js';

interface ContinuedFlags {
  readonly out: string;
  readonly shard?: object | undefined;
  readonly tracks?: boolean | undefined;
}

/**
 * The run that the same command has left unfinished. Shards are started by schedulers, which repeat commands: one that
 * is done is not run again, and one that was killed on another machine a moment ago is waited for, not begun anew.
 */
export async function continued(plan: EvaluationPlan, flags: ContinuedFlags): Promise<string | undefined> {
  const isShard = flags.shard !== undefined;
  const path = await unfinishedRun(flags.out, plan.specSha256, {
    busy: isShard,
    isDone: (run, header) => isShard && (!flags.tracks || wasTracked(run, header)),
  });
  if (path === undefined) return undefined;
  if (await isLocked(path)) {
    process.stderr.write(`another process writes ${path}, or did until a moment ago: waiting for it\n`);
    await untilFree(path);
  }
  process.stderr.write(`going on with ${path} (--fresh begins anew)\n`);
  return path;
}
