import { Command, InvalidArgumentError, Option } from 'commander';
import { openDataset } from '../dataset/catalogue.js';
import type { Judged } from '../policy/judged.js';
import { judgedToDisk } from '../policy/on-disk.js';
import { renderPolicyText } from '../report/policy.js';
import { isRunFolder } from '../result/run-folder.js';
import { type JudgeOptions, judgeRun } from '../run/policy.js';
import { judgeFile } from '../run/policy-file.js';
import {
  collect,
  DEFAULT_DATASET,
  nonNegativeNumber,
  positiveInteger,
  positiveNumber,
  printJson,
  withExamples,
  withOutputFlags,
} from './options.js';

interface PolicyFlags {
  readonly dataset?: readonly string[];
  readonly language?: readonly string[];
  readonly scorePoint?: number;
  readonly thresholds?: readonly number[];
  readonly actionDelays?: readonly number[];
  readonly timeouts?: readonly number[];
  readonly minHold?: number;
  readonly maxHold?: number;
  readonly interval?: number;
  readonly seed: number;
  readonly rows?: boolean;
  readonly json?: boolean;
}

export function policyCommand(): Command {
  const numbers = (flag: string, what: string) => new Option(`${flag} <a,b,c>`, what).argParser(numberList);
  const command = new Command('policy')
    .description('sweep threshold, action delay and timeout over silences: false cut-offs against latency (eot-bench)')
    .argument('<run|file.jsonl...>', 'finished runs, or files of prediction rows or events')
    .addOption(
      new Option('-d, --dataset <name|folder>', 'data set of a run, eot:FOLDER for single turns (repeatable)')
        .env('TURNBENCH_DATASET')
        .argParser(collect)
        .default(undefined, DEFAULT_DATASET),
    )
    .addOption(new Option('--language <tag>', 'only single turns of this language (repeatable)').argParser(collect))
    .addOption(
      new Option('--score-point <s>', 'score silences once, after so long (default: at the first crossing)').argParser(
        nonNegativeNumber,
      ),
    )
    .addOption(numbers('--thresholds', 'on P(end of turn) (default 0, 0.01 … 1)'))
    .addOption(numbers('--action-delays', 'earliest actions, s (default 0.2, 0.3 … 1)'))
    .addOption(numbers('--timeouts', 'latest actions, s (default 1, 1.5 … 3.5)'))
    .addOption(new Option('--min-hold <s>', 'shortest pause (default 0.2)').argParser(nonNegativeNumber))
    .addOption(new Option('--max-hold <s>', 'longest pause (default 5)').argParser(nonNegativeNumber))
    .addOption(
      new Option('--interval <s>', 'read the score so often (default 0.1, the public rule)').argParser(positiveNumber),
    )
    .addOption(new Option('--seed <n>', 'of the bootstrap').env('TURNBENCH_SEED').default(1).argParser(positiveInteger))
    .addOption(new Option('--rows', 'with --json: every row of the sweep, not only the Pareto front'));
  return withExamples(
    withOutputFlags(command),
    'turnbench policy results/2026…',
    'turnbench policy results/2026…_energy-vad… results/2026…_silero-vad… -d eot:./turns',
    'turnbench policy my-service.jsonl -d eot:./turns --language en --json',
  ).action(runPolicy);
}

async function runPolicy(sources: readonly string[], flags: PolicyFlags): Promise<void> {
  // Files can do without a data set; a run belongs to one.
  const usual = sources.some(isRunFolder) ? [DEFAULT_DATASET] : [];
  const datasets = await Promise.all((flags.dataset ?? usual).map(openDataset));
  const options: JudgeOptions = {
    scorePointS: flags.scorePoint,
    thresholds: flags.thresholds,
    actionDelaysS: flags.actionDelays,
    timeoutsS: flags.timeouts,
    minHoldS: flags.minHold,
    maxHoldS: flags.maxHold,
    intervalS: flags.interval,
    languages: flags.language?.map((language) => language.trim().toLowerCase()),
    seed: flags.seed,
  };
  const judged: Judged[] = [];
  for (const source of sources) {
    judged.push(...(await (isRunFolder(source) ? judgeRun : judgeFile)(source, datasets, options)));
  }
  if (flags.json) printJson({ results: judged.map((each) => judgedToDisk(each, flags.rows ?? false)) });
  else process.stdout.write(renderPolicyText(judged));
}

function numberList(value: string): number[] {
  return value.split(',').map((part) => {
    const number = Number(part);
    if (part.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('must be numbers with commas.');
    return number;
  });
}
