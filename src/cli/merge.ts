import { Command, Option } from 'commander';
import { renderSummary } from '../report/summary.js';
import { findRuns } from '../run/find-runs.js';
import { mergeRuns } from '../run/merge.js';
import { readShardRuns, shardName } from '../run/shard-runs.js';
import { printJson, printWarnings, withExamples, withOutputFlags } from './options.js';
import { asSaved, exitCodeOf } from './run-outcome.js';
import { writeReports } from './run-reports.js';

export function mergeCommand(): Command {
  const command = new Command('merge')
    .description('make one run of the shards of a run; refused unless they fit together and nothing is missing')
    .argument('<runs...>', 'run folders, or folders that hold them')
    .addOption(new Option('--out <folder>', 'where the run folder goes').env('TURNBENCH_OUT').default('results'));
  return withExamples(
    withOutputFlags(command),
    'turnbench merge shards/*/2026…',
    'turnbench merge shards --out results --json | jq .runs[0].totals.eot',
  ).action(merge);
}

async function merge(paths: readonly string[], flags: { out: string; json?: boolean }): Promise<void> {
  const shards = await readShardRuns(await findRuns(paths));
  printWarnings(shards.leftOut.map((run) => `${shardName(run)} has not ended; other runs have all that it would give`));
  const run = await mergeRuns(shards, flags.out, process.argv.slice(2));
  await writeReports(run);
  if (flags.json) printJson({ runs: [run.header] });
  else process.stdout.write(renderSummary([asSaved(run)]));
  process.exitCode = exitCodeOf([run.header]);
}
