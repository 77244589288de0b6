/** The batch scripts as bash runs them, with a stand-in for turnbench and one for scontrol. */

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderArrayScript, renderMergeScript, type SlurmJobs } from '../../src/cli/slurm-scripts.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

function jobs(change: Partial<SlurmJobs> = {}): SlurmJobs {
  return {
    program: ['bash', join(folder(), 'turnbench')],
    evalFlags: ['--model', './my model.mjs', '--where', "tag=it's"],
    model: './my model.mjs',
    shards: 4,
    out: join(folder(), '100% out'),
    workingFolder: folder(),
    cpus: 2,
    sbatch: ['--partition=main', '--comment=two words'],
    ...change,
  };
}

interface Ended {
  readonly code: number | null;
  /** What turnbench was called with, one line per word. */
  readonly words: readonly string[];
  /** What scontrol was called with. */
  readonly requeued: string | undefined;
}

/** @param turnbench source of the stand-in. @param during the task, once it is under way. */
async function task(
  script: string,
  turnbench: string,
  { restarts, during }: { restarts?: number; during?: (script: ChildProcess) => void } = {},
): Promise<Ended> {
  writeTree(folder(), {
    turnbench: `printf '%s\\n' "$@" >words\n${turnbench}\n`,
    'bin/scontrol': '#!/bin/bash\necho "$@" >requeued\n',
    script,
  });
  chmodSync(join(folder(), 'bin/scontrol'), 0o755);
  const env = {
    PATH: `${join(folder(), 'bin')}:${process.env['PATH']}`,
    ...{ SLURM_ARRAY_TASK_ID: '3', SLURM_JOB_ID: '77' },
    ...(restarts !== undefined && { SLURM_RESTART_COUNT: String(restarts) }),
  };
  const child = spawn('bash', ['script'], { cwd: folder(), env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => during?.(child));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const textOf = (name: string) => readFileSync(join(folder(), name), 'utf8');
  const requeued = existsSync(join(folder(), 'requeued')) ? textOf('requeued').trim() : undefined;
  return { code, words: textOf('words').trim().split('\n'), requeued };
}

describe('the script of a task', () => {
  it('asks sbatch for one task per shard', () => {
    const directives = renderArrayScript(jobs())
      .split('\n')
      .filter((line) => line.startsWith('#SBATCH'));
    expect(directives).toEqual([
      '#SBATCH --job-name=turnbench-eval-my_model.mjs',
      '#SBATCH --array=1-4',
      `#SBATCH '--output=${folder()}/100%% out/logs/eval-%a.log'`,
      '#SBATCH --cpus-per-task=2',
      '#SBATCH --open-mode=append',
      '#SBATCH --requeue',
      '#SBATCH --signal=B:USR1@60',
      `#SBATCH --chdir=${folder()}`,
      '#SBATCH --ntasks=1',
      '#SBATCH --partition=main',
      "#SBATCH '--comment=two words'",
    ]);
  });

  it('streams its shard into a folder of its own', async () => {
    const { code, words, requeued } = await task(renderArrayScript(jobs()), 'exit 0');
    expect(words).toEqual([
      ...['eval', '--model', './my model.mjs', '--where', "tag=it's"],
      ...['--shard', '3/4', '--out', `${folder()}/100% out/shards/3`],
    ]);
    expect([code, requeued]).toEqual([0, undefined]);
  });

  it('is content with failed conversations, which the merge will name', async () => {
    expect(await task(renderArrayScript(jobs()), 'exit 4')).toMatchObject({ code: 0, requeued: undefined });
  });

  it.each([1, 2, 5, 130])('fails with the exit code %i of turnbench', async (exit) => {
    expect(await task(renderArrayScript(jobs()), `exit ${exit}`)).toMatchObject({ code: exit, requeued: undefined });
  });

  it('queues itself again when turnbench was killed, but not for ever', async () => {
    const script = renderArrayScript(jobs());
    expect(await task(script, 'kill -9 $$', { restarts: 5 })).toMatchObject({ code: 137, requeued: undefined });
    expect(await task(script, 'kill -9 $$', { restarts: 4 })).toMatchObject({ requeued: 'requeue 77' });
  });

  const SAVES = "trap 'exit 130' TERM\necho begun\nwhile :; do sleep 0.01; done";

  it('saves and queues itself again when its time is nearly over', async () => {
    const during = (child: ChildProcess) => child.kill('SIGUSR1');
    expect(await task(renderArrayScript(jobs()), SAVES, { during })).toMatchObject({
      requeued: 'requeue 77',
    });
  });

  it.each([
    ['saving', SAVES, 130],
    ['starting', 'echo begun\nexec sleep 60', 143],
  ])('stays away when it is cancelled while turnbench is %s', async (_, turnbench, code) => {
    const during = (child: ChildProcess) => child.kill('SIGTERM');
    expect(await task(renderArrayScript(jobs()), turnbench, { during })).toMatchObject({ code, requeued: undefined });
  });
});

describe('the script of the merge', () => {
  it('merges all shards there are', async () => {
    const { code, words } = await task(renderMergeScript(jobs()), 'exit 2');
    expect(words).toEqual(['merge', `${folder()}/100% out/shards`, '--out', `${folder()}/100% out`]);
    expect(code).toBe(2);
  });
});
