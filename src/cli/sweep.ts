import { Command, Option } from 'commander';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { SWEEP_REFRACTORY_S } from '../decide/commit.js';
import { renderProbabilitySweep } from '../report/probability-sweep.js';
import { dataWarnings } from '../run/data-warnings.js';
import { sourceFile } from '../run/source.js';
import { type FileSweepOptions, sweepProbabilityFile } from '../run/sweep-file.js';
import { CANDIDATE_QUANTILES } from '../sweep/candidates.js';
import { parseGrid } from '../sweep/grid.js';
import { DEFAULT_FP_BUDGET } from '../sweep/operating-point.js';
import {
  datasetOption,
  nonNegativeNumber,
  positiveInteger,
  printJson,
  printWarnings,
  rateValue,
  withExamples,
  withOutputFlags,
} from './options.js';

/** As many thresholds as a grid may have. */
const MAX_QUANTILES = 10_000;

interface SweepFlags extends Omit<FileSweepOptions, 'refractoryS' | 'ids'> {
  readonly dataset: string;
  readonly task: string;
  readonly refractory: number;
  readonly json?: boolean;
}

export function sweepCommand(): Command {
  const command = new Command('sweep')
    .description('sweep the threshold of a probability file and choose an operating point')
    .argument('<run|probs.json>', 'a probability file, or a run folder made with --tracks')
    .addOption(datasetOption())
    .addOption(new Option('--task <task>', 'which file of a run folder').choices(['eot', 'int']).default('eot'))
    .addOption(new Option('--thresholds <lo:hi:step|a,b,c>', 'score these thresholds').argParser(parseGrid))
    .addOption(
      new Option('--quantiles <n>', 'score n quantiles of the file, united with 0.01 … 0.99')
        .argParser(positiveInteger)
        .conflicts('thresholds')
        .default(undefined, String(CANDIDATE_QUANTILES)),
    )
    .addOption(
      new Option('--fp-budget <rate>', 'highest false-positive rate of the operating point')
        .argParser(rateValue)
        .default(DEFAULT_FP_BUDGET),
    )
    .addOption(
      new Option('--refractory <s>', 'after an event, further ones are suppressed for so long')
        .argParser(nonNegativeNumber)
        .default(SWEEP_REFRACTORY_S),
    );
  return withExamples(
    withOutputFlags(command),
    'turnbench sweep probs-eot.json -d ./my-data --fp-budget 0.05',
    'turnbench sweep results/2026… --task int --thresholds 0.05:0.95:0.05 --json',
  ).action(runSweep);
}

async function runSweep(source: string, flags: SweepFlags): Promise<void> {
  const { thresholds, quantiles, fpBudget, refractory: refractoryS } = flags;
  if (quantiles !== undefined && !(quantiles >= 2 && quantiles <= MAX_QUANTILES)) {
    throw new UserError(`--quantiles must be a whole number from 2 to ${MAX_QUANTILES}`);
  }
  const dataset = await openDataset(flags.dataset);
  const { file, ids } = await sourceFile(source, `probs-${flags.task}.json`, dataset);
  const options = { thresholds, quantiles, fpBudget, refractoryS, ids };
  const sweep = await sweepProbabilityFile(file, dataset, options);
  printWarnings(await dataWarnings(dataset, ids));
  if (flags.json) printJson(sweep);
  else process.stdout.write(renderProbabilitySweep(sweep, fpBudget));
}
