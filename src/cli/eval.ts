import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, UserError } from '../core/errors.js';
import type { Task } from '../core/events.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { runsInOwnProcess } from '../models/catalogue.js';
import { parseOptions } from '../models/options.js';
import { conversationLine, renderPlan, renderSummary, type SavedRun } from '../report/summary.js';
import { renderTaskSweep, taskSweepsOf } from '../report/sweep-table.js';
import type { RunHeader } from '../result/schema.js';
import { type EvaluationSettings, evaluate, type FinishedRun } from '../run/evaluate.js';
import { type EvaluationPlan, planEvaluation } from '../run/plan.js';
import type { Shard } from '../run/shard.js';
import { parseGrid, UNIFORM_THRESHOLDS } from '../sweep/grid.js';
import { keptAnswersLimit } from './cache.js';
import { closeModel } from './close-model.js';
import { confirmLive } from './confirm-live.js';
import { continued } from './continued.js';
import { interruptible } from './interrupt.js';
import {
  byteCount,
  collect,
  datasetOption,
  fpBudgetOption,
  jobCount,
  operatingPointValue,
  positiveInteger,
  positiveNumber,
  printJson,
  pythonOption,
  selectionOptions,
  shardValue,
  thresholdValue,
  withOutputFlags,
} from './options.js';
import { createProgress } from './progress.js';
import { resumedFlags } from './resumed-flags.js';
import { asSaved, exitCodeOf } from './run-outcome.js';

/** What runs when nobody says what to run. */
export const BASELINES = ['energy-vad', 'silero-vad', 'silero-vad-500ms'] as const;

/** What a run can also be reported as; Markdown and CSV always are. */
const REPORT_KINDS = ['html'] as const;
type ReportKind = (typeof REPORT_KINDS)[number];

export interface EvalFlags {
  readonly model: readonly string[];
  readonly dataset: string;
  readonly option?: readonly string[];
  readonly python?: string;
  readonly threshold?: number;
  readonly operatingPoint?: Readonly<Record<Task, number>>;
  readonly sweep?: string | boolean;
  readonly fpBudget: number;
  readonly limit?: number;
  readonly ids?: readonly string[];
  readonly where?: readonly string[];
  readonly shard?: Shard;
  readonly tracks?: boolean;
  readonly realtime?: boolean;
  readonly report?: readonly ReportKind[];
  readonly baseline?: string;
  readonly jobs: number | 'auto';
  readonly lanes?: number;
  readonly memory?: number;
  readonly cache?: boolean;
  readonly resume?: string;
  readonly retryFailed?: boolean;
  readonly fresh?: boolean;
  readonly yes?: boolean;
  readonly out: string;
  readonly seed: number;
  readonly stepDeadline: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function evalCommand(): Command {
  const command = new Command('eval')
    .description('run models over a data set, score them, sweep their thresholds, write a run folder for each')
    .addOption(
      new Option(
        '-m, --model <name|path|package>',
        'built-in model, JS/TS module, npm package, python:FILE or exec:PROGRAM (repeatable; default: energy-vad, silero-vad, silero-vad-500ms)',
      )
        .env('TURNBENCH_MODEL')
        .argParser(collect),
    )
    .addOption(datasetOption())
    .addOption(new Option('-o, --option <key=value>', 'option of the model (repeatable)').argParser(collect))
    .addOption(pythonOption())
    .addOption(
      new Option('--threshold <x>', 'operating point: floor = 1 iff P > x (default: as the model says, else 0.5)')
        .env('TURNBENCH_THRESHOLD')
        .argParser(thresholdValue),
    )
    .addOption(
      new Option(
        '--operating-point <eot=x,int=y>',
        'a threshold for each task: EOT events at P > x, INT events at P > y',
      )
        .conflicts('threshold')
        .argParser(operatingPointValue),
    )
    .addOption(
      new Option('--sweep [lo:hi:step]', 'thresholds to score in the same pass (default 0.05:0.95:0.05)').argParser(
        (value) => value,
      ),
    )
    .addOption(fpBudgetOption())
    .addOption(new Option('--no-sweep', 'score the operating point only'));
  for (const option of selectionOptions()) command.addOption(option);
  return withOutputFlags(
    command
      .addOption(
        new Option(
          '--shard <k/n>',
          'only this part of them, balanced by duration; `turnbench merge` makes one run of all parts',
        ).argParser(shardValue),
      )
      .addOption(
        new Option(
          '--tracks',
          'also write probs-eot.json and probs-int.json (models that answer P), and per pass an .npz and a picture (models that name classes)',
        ),
      )
      .addOption(
        new Option('--realtime', 'time every step by itself, and also score events at the times they would leave live'),
      )
      .addOption(
        new Option(
          '-j, --jobs <n|auto>',
          'worker processes (auto: a core each, where there is work for them); with a live system, conversations at once',
        )
          .env('TURNBENCH_JOBS')
          .default('auto')
          .argParser(jobCount),
      )
      .addOption(
        new Option(
          '--lanes <n>',
          'conversations at once in one process (default: as many as the model gains by)',
        ).argParser(positiveInteger),
      )
      .addOption(new Option('--memory <size>', 'what all workers may occupy, such as 8G').argParser(byteCount))
      .addOption(
        new Option('--resume <run>', 'go on with an unfinished run; its own flags are used where none are given'),
      )
      .addOption(new Option('--no-cache', 'run networks also where their answers to the same audio are kept'))
      .addOption(new Option('--retry-failed', 'with --resume: run conversations that failed once more'))
      .addOption(new Option('--fresh', 'begin a new run even where the same command was interrupted'))
      .addOption(new Option('--yes', 'do not ask before audio is sent to a service that wants a key'))
      .addOption(
        new Option(
          '--baseline <file|folder>',
          'exit with 3 when the run is worse than a baseline (a folder holds <dataset>/<model>.json)',
        ),
      )
      .addOption(
        new Option(
          '--report <kinds>',
          `also write these reports into the run folder: ${REPORT_KINDS.join(', ')}`,
        ).argParser(reportKinds),
      )
      .addOption(new Option('--out <folder>', 'where run folders go').env('TURNBENCH_OUT').default('results'))
      .addOption(
        new Option('--seed <n>', 'of the bootstrap').env('TURNBENCH_SEED').default(1).argParser(positiveInteger),
      )
      .addOption(
        new Option('--step-deadline <s>', 'longest wait for one answer of a model')
          .env('TURNBENCH_STEP_DEADLINE')
          .default(30)
          .argParser(positiveNumber),
      )
      .addOption(new Option('--dry-run', 'print what would run, and run nothing')),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ turnbench eval
  $ turnbench eval -m silero-vad -o min_silence_s=0.3 --threshold 0.4 --no-sweep
  $ turnbench eval -m silero-vad --no-sweep --realtime
  $ turnbench eval -m silero-vad --operating-point eot=0.3,int=0.7
  $ turnbench eval -m ./my-model.js --baseline baselines
  $ turnbench eval -m mimi-endpointer -j 4 --memory 8G
  $ turnbench eval -m mimi-endpointer --shard 2/8 --out shards/2
  $ turnbench eval --resume results/2026-11-20T200000Z_silero-vad_mini_d0f423
  $ turnbench eval -m ./my-model.js -d ./my-data --where language=de -n 10
  $ turnbench eval -m python:./predict.py -o env.DEVICE=cpu
  $ turnbench eval -m my-npm-model --sweep 0.1:0.9:0.1 --json | jq '.runs[0].totals.eot'`,
    )
    .action(runEval);
}

/** What is needed only at the end, or by few, is imported there: it would keep the first step waiting. */
async function runEval(given: EvalFlags, command: Command): Promise<void> {
  const flags: EvalFlags =
    given.resume === undefined
      ? withoutOverruled(given, command)
      : await resumedFlags(given.resume, command, evalCommand());
  if (flags.shard && flags.baseline !== undefined) {
    throw new UserError('a baseline is not held against a shard', {
      hint: 'merge the shards, then `turnbench compare BASELINE RUN --gate`',
    });
  }
  const plans: EvaluationPlan[] = [];
  try {
    await planAll(flags, plans);
    const gates = flags.baseline === undefined ? undefined : await import('./gates.js');
    const baselines = await gates?.baselinesFor(flags.baseline!, plans);
    if (flags.dryRun) return printPlans(plans, flags);
    const resumes: (string | undefined)[] = [];
    for (const plan of plans) resumes.push(flags.resume ?? (flags.fresh ? undefined : await continued(plan, flags)));
    await confirmLive(plans, resumes, flags);
    const runs: FinishedRun[] = [];
    try {
      await interruptible((signal) => runAll(plans, resumes, flags, signal, runs));
    } catch (error) {
      // What an earlier model has earned is shown before a later one's failure.
      if (runs.length > 0 && !flags.json) process.stdout.write(renderSummary(saved(runs, flags)));
      throw error;
    }
    const comparisons = baselines && (await gates?.gateRuns(runs, baselines, flags.seed));
    if (flags.json) printJson({ runs: runs.map(({ header }) => header), comparisons });
    else {
      const notStarted = plans.slice(runs.length).map(({ spec }) => spec.model.name);
      if (isSweepShown(flags)) process.stdout.write(runs.map(({ header }) => renderSweeps(header)).join(''));
      process.stdout.write(renderSummary(saved(runs, flags), notStarted));
      if (comparisons) process.stdout.write((await import('../report/compare.js')).renderGates(comparisons));
    }
    process.exitCode = runs.length < plans.length ? EXIT.interrupted : exitCodeOf(runs.map(({ header }) => header));
    if (process.exitCode === EXIT.ok && gates?.allPassed(comparisons ?? []) === false) process.exitCode = EXIT.gate;
  } finally {
    for (const { model, spec } of plans) await closeModel(spec.model.name, model, flags.stepDeadline);
  }
}

/**
 * Everything that can be wrong with what was asked is found here.
 * @param plans gets every plan as soon as it is made: whoever calls closes their models.
 */
export async function planAll(flags: EvalFlags, plans: EvaluationPlan[]): Promise<void> {
  const models = flags.model ?? BASELINES;
  if (models.length > 1 && flags.option) {
    throw new UserError('-o belongs to one model, but several are to run', { hint: 'run them one at a time' });
  }
  const dataset = await openDataset(flags.dataset);
  const ids = await selectIds(dataset, flags);
  for (const model of models) plans.push(await planEvaluation({ ...requestOf(flags), model, dataset, ids }));
}

/**
 * @param resumes per plan the unfinished run to go on with.
 * @param runs gets every finished run as soon as its reports are written.
 */
async function runAll(
  plans: readonly EvaluationPlan[],
  resumes: readonly (string | undefined)[],
  flags: EvalFlags,
  signal: AbortSignal,
  runs: FinishedRun[],
): Promise<void> {
  for (const [i, plan] of plans.entries()) {
    const progress = createProgress(plan.spec.model.name, 2 * (await audioS(plan)), flags.quiet ?? false);
    const run = await evaluate(plan, {
      outFolder: flags.out,
      resume: resumes[i],
      retryFailed: flags.retryFailed,
      pool: await poolOf(plan, flags),
      lanes: lanesOf(plan, flags),
      keptAnswersBytes: flags.cache === false ? undefined : keptAnswersLimit(),
      tracks: flags.tracks ?? false,
      ...(flags.tracks && { drawPass: (await import('../report/timeline.js')).renderTimeline }),
      stepDeadlineS: flags.stepDeadline,
      argv: process.argv.slice(2),
      signal,
      onProgress: progress.advance,
      onConversation: (row) => progress.line(`${plan.spec.model.name}: ${conversationLine(row)}`),
    }).finally(progress.stop);
    if (!flags.quiet) process.stderr.write(keptNote(run));
    const reports = await import('./run-reports.js');
    const page = { data: { name: flags.dataset, dataset: plan.dataset }, quiet: flags.quiet ?? false };
    await reports.writeReports(run, flags.report?.includes('html') ? page : undefined);
    runs.push(run);
    if (signal.aborted) break;
  }
}

/** Whole sweeps are long: they are shown to those who named one, and are in every report. */
function isSweepShown({ sweep }: EvalFlags): boolean {
  return sweep !== undefined && sweep !== false;
}

function renderSweeps(header: RunHeader): string {
  const budget = header.operating_points?.fp_budget ?? 0;
  return taskSweepsOf(header)
    .map((sweep) => `${header.spec.model.name}: ${renderTaskSweep(sweep, budget)}\n`)
    .join('');
}

async function poolOf(plan: EvaluationPlan, { jobs, memory }: EvalFlags): Promise<EvaluationSettings['pool']> {
  // A server is waited for, not computed with: one process streams any number of conversations.
  if (plan.model?.live) return undefined;
  const workers = jobs === 'auto' ? await worthwhileWorkers(plan) : jobs;
  // Only a process that can be replaced can be kept within a budget.
  if (workers === 1 && memory === undefined) return undefined;
  return { workers, memoryBytes: memory, entry: new URL('./worker.js', import.meta.url) };
}

/** With a live system, `-j` is about conversations at once. */
function lanesOf({ model }: EvaluationPlan, { lanes, jobs }: EvalFlags): number | undefined {
  return lanes ?? (model?.live && jobs !== 'auto' ? jobs : undefined);
}

/** A core each; but starting a process costs more than a short data set, and timed steps want the machine alone. */
async function worthwhileWorkers(plan: EvaluationPlan): Promise<number> {
  if (plan.spec.realtime || plan.model === null || runsInOwnProcess(plan.spec.model.name)) return 1;
  const byAudio = Math.floor((await audioS(plan)) / SECONDS_PER_WORKER);
  return Math.max(1, Math.min(availableParallelism(), plan.ids.length, byAudio));
}

/** Audio that is worth a process of its own. */
const SECONDS_PER_WORKER = 900;

/** Said where people wonder how a network can be so fast. */
function keptNote({ rows, header }: FinishedRun): string {
  const kept = rows.filter((row) => row.status === 'ok' && row.timing.kept).length;
  if (kept === 0) return '';
  return `${header.spec.model.name}: answers to ${kept} conversations were kept from an earlier run (--no-cache runs the model)\n`;
}

function saved(runs: readonly FinishedRun[], { report = [] }: EvalFlags): SavedRun[] {
  return runs.map((run) => asSaved(run, report.includes('html') ? ['report.html'] : []));
}

function reportKinds(value: string): ReportKind[] {
  const kinds = value.split(',').map((kind) => kind.trim());
  const unknown = kinds.filter((kind) => !REPORT_KINDS.some((known) => known === kind));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`there is no report '${unknown[0]}': ${REPORT_KINDS.join(', ')}.`);
  }
  return kinds as ReportKind[];
}

/** A threshold of the command line or of a variable is meant instead of the operating point of a configuration file. */
function withoutOverruled(flags: EvalFlags, command: Command): EvalFlags {
  const isConfigured = (flag: keyof EvalFlags) => command.getOptionValueSource(flag) === 'config';
  if (flags.threshold === undefined || isConfigured('threshold') || !isConfigured('operatingPoint')) return flags;
  const { operatingPoint: _, ...others } = flags;
  return others;
}

function requestOf(flags: EvalFlags) {
  const sweep = typeof flags.sweep === 'string' ? parseGrid(flags.sweep) : UNIFORM_THRESHOLDS;
  const point = flags.operatingPoint ?? { eot: flags.threshold, int: flags.threshold };
  const isSwept = flags.sweep === undefined ? point.eot === undefined : flags.sweep !== false;
  return {
    options: parseOptions(flags.option ?? []),
    threshold: point.eot,
    intThreshold: point.int,
    sweep: isSwept ? sweep : null,
    thresholdsAsked: point.eot !== undefined || (flags.sweep !== undefined && isSwept),
    fpBudget: flags.fpBudget,
    realtime: flags.realtime,
    shard: flags.shard,
    python: flags.python,
    seed: flags.seed,
  };
}

async function audioS({ dataset, ids }: EvaluationPlan): Promise<number> {
  let totalS = 0;
  for (const id of ids) totalS += (await dataset.open(id)).durationS;
  return totalS;
}

function printPlans(plans: readonly EvaluationPlan[], flags: EvalFlags): void {
  const specs = plans.map(({ spec, specSha256 }) => ({ ...spec, spec_sha256: specSha256 }));
  if (flags.json) printJson({ plans: specs });
  else for (const spec of specs) process.stdout.write(`${renderPlan(spec)}\n`);
}
