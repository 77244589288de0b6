/** The two batch scripts of a sharded run on Slurm, as text: an array with a task per shard, and the merge after it. */

import { basename } from 'node:path';
import { shellWord } from '../report/shell-word.js';

export interface SlurmJobs {
  /** What starts turnbench, as words. */
  readonly program: readonly string[];
  /** Flags of `eval` that all shards share. */
  readonly evalFlags: readonly string[];
  readonly model: string;
  readonly shards: number;
  /** Absolute: everything that the jobs write is below it. */
  readonly out: string;
  /** Absolute: in here relative paths mean what they meant to whoever asked. */
  readonly workingFolder: string;
  readonly cpus: number | undefined;
  /** Options of sbatch for both jobs. */
  readonly sbatch: readonly string[];
}

/** Restarts of one task after which it is left alone: one that never gets further must not go on for ever. */
const MOST_RESTARTS = 5;

export function renderArrayScript(jobs: SlurmJobs): string {
  const { program, evalFlags, shards, out, cpus } = jobs;
  const words = ['eval', ...evalFlags].map(shellWord).join(' ');
  return `#!/bin/bash
# One task per shard. A task that is started again goes on where it stopped; one that is done does nothing.
${directives(jobs, [
  `--job-name=${jobName(jobs, 'eval')}`,
  `--array=1-${shards}`,
  `--output=${logFile(jobs, 'eval-%a.log')}`,
  ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
  '--open-mode=append',
  '--requeue',
  '--signal=B:USR1@60',
])}
set -u
turnbench=(${program.map(shellWord).join(' ')})
out=${shellWord(out)}
shard=$SLURM_ARRAY_TASK_ID
out_of_time=no
cancelled=no
child=
stop() { [ -z "$child" ] || kill -TERM "$child"; }
# A minute before the time limit.
trap 'out_of_time=yes; stop' USR1
# scancel and preemption: it has 30 s to save what is finished.
trap 'cancelled=yes; stop' TERM

"\${turnbench[@]}" ${words} --shard "$shard/${shards}" --out "$out/shards/$shard" &
child=$!
[ "$out_of_time$cancelled" = nono ] || stop
while kill -0 "$child" 2>/dev/null; do wait "$child"; done
wait "$child"
code=$?

again() {
  echo "turnbench: shard $shard $1, restart \${SLURM_RESTART_COUNT:-0} of ${MOST_RESTARTS}" >&2
  [ "\${SLURM_RESTART_COUNT:-0}" -ge ${MOST_RESTARTS} ] || exec scontrol requeue "$SLURM_JOB_ID"
}
case "$cancelled $out_of_time $code" in
  yes*) ;;
  'no yes 130' | 'no yes 143') again 'ran out of time' ;;
  *' 130' | *' 143') ;; # Asked to stop by somebody else.
  *' 1'[345]?) again "was killed (exit code $code)" ;;
esac
# Some conversations failed: the shard is whole, and the merge says which.
[ "$code" = 4 ] && exit 0
exit "$code"
`;
}

export function renderMergeScript(jobs: SlurmJobs): string {
  const { program, out } = jobs;
  return `#!/bin/bash
# After all tasks have ended, however they did: the merge itself looks whether anything is missing, and says what.
${directives(jobs, [`--job-name=${jobName(jobs, 'merge')}`, `--output=${logFile(jobs, 'merge.log')}`, '--open-mode=append'])}
set -u
turnbench=(${program.map(shellWord).join(' ')})
out=${shellWord(out)}
exec "\${turnbench[@]}" merge "$out/shards" --out "$out"
`;
}

function directives({ workingFolder, sbatch }: SlurmJobs, own: readonly string[]): string {
  const all = [...own, `--chdir=${workingFolder}`, '--ntasks=1', ...sbatch];
  return all.map((option) => `#SBATCH ${shellWord(option)}`).join('\n');
}

function jobName({ model }: SlurmJobs, what: string): string {
  return `turnbench-${what}-${basename(model).replaceAll(/[^\w.-]+/g, '_')}`;
}

/** Percent signs stand for parts of the job's name. */
function logFile({ out }: SlurmJobs, name: string): string {
  return `${out.replaceAll('%', '%%')}/logs/${name}`;
}
