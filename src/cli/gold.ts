import { Command } from 'commander';
import { openDataset } from '../dataset/catalogue.js';
import { partOf } from '../dataset/selection.js';
import { exportGold } from '../gold/export.js';
import { goldStatistics } from '../gold/statistics.js';
import { renderGoldStatistics } from '../report/gold-statistics.js';
import { goldOf } from '../run/score-file.js';
import { datasetOption, printJson, splitOption, withExamples, withOutputFlags } from './options.js';

interface GoldFlags {
  readonly dataset: string;
  readonly split?: string;
  readonly json?: boolean;
}

export function goldCommand(): Command {
  const gold = new Command('gold').description('what the annotators of a data set agree on');
  const stats = gold
    .command('stats')
    .description('count gold events, spans and excluded time, per conversation and in total')
    .addOption(datasetOption())
    .addOption(splitOption());
  withExamples(withOutputFlags(stats), 'turnbench gold stats -d ./my-data').action(printStatistics);

  const exported = gold
    .command('export')
    .description('print the gold as one JSON document')
    .addOption(datasetOption())
    .addOption(splitOption());
  withExamples(exported, 'turnbench gold export -d ./my-data > gold.json').action(printGold);
  return withExamples(gold, 'turnbench gold stats', 'turnbench gold export -d ./my-data > gold.json');
}

async function printGold(flags: GoldFlags): Promise<void> {
  const golds = await goldOf(await partOf(await openDataset(flags.dataset), flags.split));
  printJson(Object.fromEntries([...golds].map(([id, value]) => [id, exportGold(value)])));
}

async function printStatistics(flags: GoldFlags): Promise<void> {
  const golds = await goldOf(await partOf(await openDataset(flags.dataset), flags.split));
  const conversations = [...golds].map(([id, value]) => [id, goldStatistics([value])] as const);
  const total = goldStatistics([...golds.values()]);
  if (flags.json) printJson({ total, conversations: Object.fromEntries(conversations) });
  else process.stdout.write(renderGoldStatistics(conversations, total));
}
