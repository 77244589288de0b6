import { Command, Option } from 'commander';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { SWEEP_REFRACTORY_S } from '../decide/commit.js';
import { atomicWrite } from '../io/atomic-write.js';
import { renderSweepCsv } from '../report/sweep-csv.js';
import { renderTaskSweep } from '../report/sweep-table.js';
import type { SweepRow } from '../result/schema.js';
import { dataWarnings } from '../run/data-warnings.js';
import { sourceFile } from '../run/source.js';
import { type FileSweep, type FileSweepOptions, sweepProbabilityFile } from '../run/sweep-file.js';
import { edgeAdvice } from '../run/sweep-warnings.js';
import { CANDIDATE_QUANTILES } from '../sweep/candidates.js';
import { parseGrid } from '../sweep/grid.js';
import {
  datasetOption,
  fpBudgetOption,
  nonNegativeNumber,
  positiveInteger,
  printJson,
  printWarnings,
  splitOption,
  withExamples,
  withOutputFlags,
} from './options.js';

/** As many thresholds as a grid may have. */
const MAX_QUANTILES = 10_000;

interface SweepFlags extends Omit<FileSweepOptions, 'refractoryS' | 'ids'> {
  readonly dataset: string;
  readonly split?: string;
  readonly task: string;
  readonly refractory: number;
  readonly csv?: string;
  readonly json?: boolean;
}

export function sweepCommand(): Command {
  const command = new Command('sweep')
    .description('sweep the threshold of a probability file and choose an operating point')
    .argument('<run|probs.json>', 'a probability file, or a run folder made with --tracks')
    .addOption(datasetOption())
    .addOption(splitOption())
    .addOption(new Option('--task <task>', 'which file of a run folder').choices(['eot', 'int']).default('eot'))
    .addOption(new Option('--thresholds <lo:hi:step|a,b,c>', 'score these thresholds').argParser(parseGrid))
    .addOption(
      new Option('--quantiles <n>', 'score n quantiles of the file, united with 0.01 … 0.99')
        .argParser(positiveInteger)
        .conflicts('thresholds')
        .default(undefined, String(CANDIDATE_QUANTILES)),
    )
    .addOption(fpBudgetOption())
    .addOption(
      new Option('--refractory <s>', 'after an event, further ones are suppressed for so long')
        .argParser(nonNegativeNumber)
        .default(SWEEP_REFRACTORY_S),
    )
    .addOption(new Option('--csv <file>', 'also write all rows as a table, in the columns of sweep.csv'));
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
  const selected = await selectIds(dataset, { split: flags.split });
  const { file, ids } = await sourceFile(source, `probs-${flags.task}.json`, dataset, selected);
  const options = { thresholds, quantiles, fpBudget, refractoryS, ids };
  const sweep = await sweepProbabilityFile(file, dataset, options);
  printWarnings([...(await dataWarnings(dataset, ids)), ...edgeWarnings(sweep, thresholds)]);
  if (flags.csv !== undefined) await atomicWrite(flags.csv, renderSweepCsv(csvRows(sweep)));
  if (flags.json) printJson(sweep);
  else process.stdout.write(renderTaskSweep(sweep, fpBudget));
}

/** Quantiles reach from the lowest to the highest score of the file: beyond them there is nothing to try. */
function edgeWarnings({ operating_point: chosen }: FileSweep, thresholds: readonly number[] | undefined): string[] {
  if (thresholds === undefined || chosen === null) return [];
  return [edgeAdvice(thresholds, chosen.threshold, chosen.recall, '--thresholds') ?? []].flat();
}

/** A file knows one task and no floor: the other columns stay empty. */
function csvRows({ task, rows }: FileSweep): Partial<SweepRow>[] {
  return rows.map((row) => ({
    threshold: row.threshold,
    [`${task}_recall`]: row.recall,
    [`${task}_fp_rate`]: row.fp_rate,
    [`${task}_latency_p10_ms`]: row.latency_p10_ms,
    [`${task}_latency_p50_ms`]: row.latency_p50_ms,
    [`${task}_latency_p90_ms`]: row.latency_p90_ms,
    [`${task}_tp`]: row.tp,
    [`${task}_fn`]: row.fn,
    [`${task}_fp`]: row.fp,
    [`${task}_tn`]: row.tn,
    cutoff_rate: row.cutoff_rate,
    ep50_ms: row.ep50_ms,
    ep90_ms: row.ep90_ms,
  }));
}
