import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { EXIT, UserError } from '../core/errors.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { shellWord } from '../report/shell-word.js';
import type { EvaluationPlan } from '../run/plan.js';
import { closeModel } from './close-model.js';
import { type EvalFlags, evalCommand, planAll } from './eval.js';
import { collect, datasetOption, positiveInteger, printJson, withExamples } from './options.js';
import { renderArrayScript, renderMergeScript, type SlurmJobs } from './slurm-scripts.js';

interface SlurmFlags {
  readonly model: string;
  readonly dataset: string;
  readonly shards: number;
  readonly out: string;
  readonly partition?: string;
  readonly time?: string;
  readonly cpus?: number;
  readonly mem?: string;
  readonly sbatch?: readonly string[];
  readonly submit?: boolean;
  readonly json?: boolean;
}

export function slurmCommand(): Command {
  const command = new Command('slurm')
    .description('write the jobs that run the shards of a run on a Slurm cluster and merge them')
    .argument('[flags...]', 'after --: more flags of eval, the same for all shards')
    .addOption(new Option('-m, --model <name|path|package>', 'as for eval, one model').makeOptionMandatory())
    .addOption(datasetOption())
    .addOption(new Option('--shards <n>', 'tasks of the job array').argParser(positiveInteger).makeOptionMandatory())
    .addOption(
      new Option(
        '--out <folder>',
        'of the scripts, logs, shards and the merged run; all nodes see it',
      ).makeOptionMandatory(),
    )
    .addOption(new Option('--partition <name>', 'of the cluster'))
    .addOption(
      new Option('--time <limit>', 'of one task, as sbatch takes it; a task that needs longer is queued again'),
    )
    .addOption(new Option('--cpus <n>', 'cores of one task, which are its worker processes').argParser(positiveInteger))
    .addOption(new Option('--mem <size>', 'of one task, as sbatch takes it'))
    .addOption(
      new Option(
        '--sbatch <option>',
        'another option of sbatch for both jobs, as --sbatch=--account=me (repeatable)',
      ).argParser(collect),
    )
    .addOption(new Option('--submit', 'also submit both jobs'))
    .addOption(new Option('--json', 'print exactly one JSON document on stdout'));
  return withExamples(
    command,
    'turnbench slurm -m silero-vad -d ./my-data --shards 16 --out jobs/silero --cpus 4 --time 1:00:00',
    'turnbench slurm -m mimi-endpointer -d ./my-data --shards 8 --out jobs/mimi --mem 8G --submit -- --tracks',
  ).action(slurm);
}

async function slurm(more: readonly string[], flags: SlurmFlags): Promise<void> {
  requireOneLineEach(more, flags);
  await requirePlan(more, flags);
  const jobs = jobsOf(more, flags);
  const scripts = { array: join(jobs.out, 'eval.sbatch'), merge: join(jobs.out, 'merge.sbatch') };
  // sbatch does not make the folder of its logs.
  await makeFolder(join(jobs.out, 'logs'));
  await writeScript(scripts.array, renderArrayScript(jobs));
  await writeScript(scripts.merge, renderMergeScript(jobs));
  const [array, merge] = [shellWord(scripts.array), shellWord(scripts.merge)];
  const command = `array=$(sbatch --parsable ${array}) && sbatch --dependency=afterany:"\${array%%;*}" ${merge}`;
  const submitted = flags.submit ? await submit(scripts) : null;
  if (flags.json) return printJson({ scripts, submit: command, jobs: submitted });
  const next = submitted
    ? `submitted  array ${submitted.array}, merge ${submitted.merge}\nwatch      squeue -j ${submitted.array},${submitted.merge}`
    : `submit     ${command}`;
  process.stdout.write(`saved      ${scripts.array}\nsaved      ${scripts.merge}\n${next}\n`);
}

/** What the jobs decide themselves. */
const OWN_FLAGS = ['model', 'dataset', 'shard', 'out', 'resume', 'retryFailed', 'fresh', 'baseline', 'dryRun', 'json'];

/** A mistake is found now and not by every task on its node. */
async function requirePlan(more: readonly string[], { model, dataset, shards }: SlurmFlags): Promise<void> {
  const given = evalCommand().exitOverride();
  const { operands, unknown } = given.parseOptions([...more]);
  const stray = [...operands, ...unknown][0];
  if (stray !== undefined) {
    throw new UserError(`eval does not know '${stray}'`, { hint: 'what follows -- are flags of eval' });
  }
  const own = OWN_FLAGS.find((flag) => given.getOptionValueSource(flag) === 'cli');
  if (own !== undefined) {
    throw new UserError(`'${own}' cannot be given after --`, { hint: 'the jobs set it, or it is nothing for a shard' });
  }
  const asked = evalCommand();
  asked.parseOptions(['--model', model, '--dataset', dataset, '--shard', `1/${shards}`, ...more]);
  const plans: EvaluationPlan[] = [];
  try {
    await planAll(asked.opts<EvalFlags>(), plans);
  } finally {
    for (const plan of plans) await closeModel(plan.spec.model.name, plan.model, asked.opts<EvalFlags>().stepDeadline);
  }
}

/** Directives end with their line. */
function requireOneLineEach(more: readonly string[], flags: SlurmFlags): void {
  const broken = [...more, ...Object.values(flags).flat()].find((value) => /[\n\r]/.test(String(value)));
  if (broken !== undefined) throw new UserError(`${JSON.stringify(broken)} has a line break`, { hint: 'leave it out' });
}

function jobsOf(more: readonly string[], flags: SlurmFlags): SlurmJobs {
  const { model, dataset, cpus } = flags;
  const workers = cpus === undefined || more.includes('--realtime') ? [] : ['--jobs', String(cpus)];
  return {
    program: [process.execPath, resolve(process.argv[1]!)],
    // Later flags win.
    evalFlags: ['--model', model, '--dataset', dataset, ...workers, ...more],
    ...{ model, cpus, shards: flags.shards },
    out: resolve(flags.out),
    workingFolder: process.cwd(),
    sbatch: [
      ...(['partition', 'time', 'mem'] as const).flatMap((name) =>
        flags[name] === undefined ? [] : [`--${name}=${flags[name]}`],
      ),
      ...(flags.sbatch ?? []),
    ],
  };
}

/** @throws UserError when the folder belongs to other jobs: their shards would be mixed with these. */
async function writeScript(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) !== text) {
    throw new UserError(`${path} is there already, and not what this command would write`, {
      hint: 'choose another --out, or remove it if it was edited and is to be written anew',
    });
  }
  await atomicWrite(path, text);
}

interface Scripts {
  readonly array: string;
  readonly merge: string;
}

/** @returns the ids of the jobs. */
async function submit(scripts: Scripts): Promise<Scripts> {
  const array = await sbatch(scripts.array);
  const merge = await sbatch(`--dependency=afterany:${array}`, scripts.merge).catch((error: unknown) => {
    process.stderr.write(`the array ${array} is submitted, the merge is not\n`);
    throw error;
  });
  return { array, merge };
}

async function sbatch(...words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('sbatch', ['--parsable', ...words]);
    // "id;cluster" where there are several clusters.
    return stdout.trim().split(';')[0]!;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') {
      const hint = 'submit from a machine of the cluster, with the command that is printed without --submit';
      throw new UserError('there is no sbatch on this machine', { hint, exitCode: EXIT.prerequisite });
    }
    throw new UserError(`sbatch refuses ${words.at(-1)}: ${stderr.trim()}`, { hint: 'mend the flags, or the scripts' });
  }
}
