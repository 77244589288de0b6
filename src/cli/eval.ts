import { Command, Option } from 'commander';
import { EXIT, type ExitCode, UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { parseOptions } from '../models/options.js';
import { renderSummary } from '../report/summary.js';
import type { RunHeader } from '../result/schema.js';
import { evaluate } from '../run/evaluate.js';
import { type EvaluatePlan, planEvaluation } from '../run/plan.js';
import { parseGrid } from '../sweep/grid.js';
import { interruptible } from './interrupt.js';
import {
  collect,
  datasetOption,
  positiveInteger,
  positiveNumber,
  printJson,
  selectionOptions,
  thresholdValue,
  withOutputFlags,
} from './options.js';
import { createProgress } from './progress.js';

/** What runs when nobody says what to run. */
export const BASELINES = ['energy-vad', 'silero-vad', 'silero-vad-500ms'] as const;

interface EvalFlags {
  readonly model: readonly string[];
  readonly dataset: string;
  readonly option?: readonly string[];
  readonly threshold?: number;
  readonly sweep?: string | boolean;
  readonly limit?: number;
  readonly ids?: readonly string[];
  readonly where?: readonly string[];
  readonly tracks?: boolean;
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
      new Option('-m, --model <name|path|package>', 'built-in model, JS/TS module or npm package (repeatable)')
        .env('TURNBENCH_MODEL')
        .argParser(collect)
        .default(undefined, BASELINES.join(', ')),
    )
    .addOption(datasetOption())
    .addOption(new Option('-o, --option <key=value>', 'option of the model (repeatable)').argParser(collect))
    .addOption(
      new Option('--threshold <x>', 'operating point: floor = 1 iff P > x (default: as the model says, else 0.5)')
        .env('TURNBENCH_THRESHOLD')
        .argParser(thresholdValue),
    )
    .addOption(
      new Option('--sweep [lo:hi:step]', 'thresholds to score in the same pass (default 0.05:0.95:0.05)').argParser(
        (value) => value,
      ),
    )
    .addOption(new Option('--no-sweep', 'score the operating point only'));
  for (const option of selectionOptions()) command.addOption(option);
  return withOutputFlags(
    command
      .addOption(new Option('--tracks', 'also write probs-eot.json and probs-int.json (models that answer P)'))
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
  $ turnbench eval -m ./my-model.js -d ./my-data --where language=de -n 10
  $ turnbench eval -m my-npm-model --sweep 0.1:0.9:0.1 --json | jq '.runs[0].totals.eot'`,
    )
    .action(runEval);
}

async function runEval(flags: EvalFlags): Promise<void> {
  const models = flags.model ?? BASELINES;
  if (models.length > 1 && flags.option) {
    throw new UserError('-o belongs to one model, but several are to run', { hint: 'run them one at a time' });
  }
  const dataset = await openDataset(flags.dataset);
  const ids = await selectIds(dataset, flags);
  const sweep = flags.sweep === false ? null : typeof flags.sweep === 'string' ? parseGrid(flags.sweep) : undefined;
  const plans: EvaluatePlan[] = [];
  for (const model of models) {
    plans.push(
      await planEvaluation({
        model,
        options: parseOptions(flags.option ?? []),
        dataset,
        ids,
        threshold: flags.threshold,
        sweep: sweep ?? (flags.sweep === true ? 'default' : sweep),
        seed: flags.seed,
      }),
    );
  }
  if (flags.dryRun) return printPlans(plans, flags);

  const runs: RunHeader[] = [];
  const folders: string[] = [];
  await interruptible(async (signal) => {
    for (const plan of plans) {
      const progress = createProgress(plan.spec.model.name, plan.totalPassS, flags.quiet ?? false);
      const run = await evaluate(plan, {
        outFolder: flags.out,
        tracks: flags.tracks ?? false,
        stepDeadlineS: flags.stepDeadline,
        argv: process.argv.slice(2),
        signal,
        onProgress: progress.advance,
        onConversation: progress.line,
      }).finally(progress.stop);
      runs.push(run.header);
      folders.push(run.folder);
      if (signal.aborted) break;
    }
  });
  if (flags.json) printJson({ runs });
  else process.stdout.write(renderSummary(runs, folders));
  process.exitCode = exitCodeOf(runs);
}
