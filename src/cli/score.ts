import { Command } from 'commander';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { renderText } from '../report/table.js';
import { taskTable } from '../report/task-table.js';
import { dataWarnings } from '../run/data-warnings.js';
import { scorePredictionsFile } from '../run/score-file.js';
import { sourceFile } from '../run/source.js';
import { datasetOption, printJson, printWarnings, splitOption, withExamples, withOutputFlags } from './options.js';

export function scoreCommand(): Command {
  const command = new Command('score')
    .description('score a predictions file (public submission format) against the gold of a data set')
    .argument('<predictions.json|run>', 'events per conversation and speaker, or a run folder')
    .addOption(datasetOption())
    .addOption(splitOption());
  return withExamples(
    withOutputFlags(command),
    'turnbench score predictions.json -d ./my-data',
    'turnbench score predictions.json --json | jq .eot.recall',
  ).action(score);
}

async function score(path: string, flags: { dataset: string; split?: string; json?: boolean }): Promise<void> {
  const dataset = await openDataset(flags.dataset);
  const { file, ids } = await sourceFile(
    path,
    'predictions.json',
    dataset,
    await selectIds(dataset, { split: flags.split }),
  );
  const scores = await scorePredictionsFile(file, dataset, ids);
  printWarnings(await dataWarnings(dataset, ids));
  if (flags.json) return printJson(scores);
  const table = taskTable([
    ['EOT', scores.eot],
    ['INT', scores.int],
  ]);
  process.stdout.write(`${renderText(table)}\n`);
}
