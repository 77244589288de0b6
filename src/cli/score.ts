import { Command } from 'commander';
import { openDataset } from '../dataset/catalogue.js';
import { renderText } from '../report/table.js';
import { taskTable } from '../report/task-table.js';
import { scorePredictionsFile } from '../run/score-file.js';
import { datasetOption, printJson, withOutputFlags } from './options.js';

export function scoreCommand(): Command {
  return withOutputFlags(
    new Command('score')
      .description('score a predictions file (public submission format) against the gold of a data set')
      .argument('<predictions.json>', 'events per conversation and speaker')
      .addOption(datasetOption()),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  $ turnbench score predictions.json -d ./my-data\n  $ turnbench score predictions.json --json | jq .eot.recall',
    )
    .action(async (file: string, flags: { dataset: string; json?: boolean }) => {
      const score = await scorePredictionsFile(file, await openDataset(flags.dataset));
      if (flags.json) printJson(score);
      else
        process.stdout.write(
          `${renderText(
            taskTable([
              ['EOT', score.eot],
              ['INT', score.int],
            ]),
          )}\n`,
        );
    });
}
