/** Flags that several commands share, and the parsing of their values. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { TASKS, type Task } from '../core/events.js';
import type { Shard } from '../run/shard.js';
import { DEFAULT_FP_BUDGET } from '../sweep/operating-point.js';

export const DEFAULT_DATASET = 'mini';

/** Give a command its `--json` and `--quiet` flags. */
export function withOutputFlags(command: Command): Command {
  return command
    .addOption(new Option('--json', 'print exactly one JSON document on stdout'))
    .addOption(new Option('-q, --quiet', 'no progress'));
}

/** What `--help` ends with. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText('after', ['', 'Examples:', ...examples.map((line) => `  $ ${line}`)].join('\n'));
}

export function datasetOption(): Option {
  return new Option('-d, --dataset <name|folder>', 'data set by name, a folder, or hf:owner/name[@revision] of the hub')
    .env('TURNBENCH_DATASET')
    .default(DEFAULT_DATASET);
}

export function pythonOption(): Option {
  return new Option(
    '--python <path>',
    'interpreter for python: models (default: the active virtual environment, else python3)',
  ).env('TURNBENCH_PYTHON');
}

export function fpBudgetOption(): Option {
  return new Option('--fp-budget <rate>', 'highest false-positive rate of a chosen operating point')
    .env('TURNBENCH_FP_BUDGET')
    .argParser(rateValue)
    .default(DEFAULT_FP_BUDGET);
}

export function selectionOptions(): Option[] {
  return [
    new Option('-n, --limit <count>', 'only the first so many conversations').argParser(positiveInteger),
    new Option('--ids <a,b>', 'only these conversations').argParser(collectIds),
    splitOption(),
    new Option('--where <tag=value>', 'only conversations with this tag (repeatable)').argParser(collect),
  ];
}

export function splitOption(): Option {
  return new Option('--split <file>', 'only the conversations that this file lists, an id per line or a JSON list');
}

/** `2/8`: the second of eight. */
export function shardValue(value: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError('must be k/n, the k-th of n shards, such as 2/8.');
  }
  return { index, count };
}

export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function collectIds(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...value.split(',').map((id) => id.trim())];
}

export function positiveInteger(value: string): number {
  return wholeNumber(value, 1);
}

/** Worker processes. */
export function jobCount(value: string): number | 'auto' {
  return value === 'auto' ? 'auto' : positiveInteger(value);
}

/** `8G`, `512M` or plain bytes; binary units. */
export function byteCount(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(value.trim()) ?? [];
  if (number === undefined) throw new InvalidArgumentError('must be a size such as 8G or 512M.');
  const bytes = Number(number) * 1024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit.toUpperCase());
  if (!(bytes >= 1)) throw new InvalidArgumentError('must be a size above 0.');
  return bytes;
}

export function nonNegativeInteger(value: string): number {
  return wholeNumber(value, 0);
}

export function positiveNumber(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('must be a number above 0.');
  return number;
}

/** A threshold on P(floor): the bit is 1 iff P > threshold. */
export function thresholdValue(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('must lie strictly between 0 and 1.');
  return number;
}

/** `eot=0.92,int=0.9224`: a threshold on P(floor) for each task. */
export function operatingPointValue(value: string): Readonly<Record<Task, number>> {
  const entries = value.split(',').map((part) => part.split('=').map((text) => text.trim()));
  const given = new Map(entries.map(([task = '', threshold = '']) => [task, threshold]));
  const isWhole = entries.length === TASKS.length && TASKS.every((task) => given.has(task));
  if (!isWhole) throw new InvalidArgumentError('must name both tasks once, such as eot=0.92,int=0.87.');
  return { eot: thresholdValue(given.get('eot')!), int: thresholdValue(given.get('int')!) };
}

/** The one JSON document of a `--json` command. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

export function nonNegativeNumber(value: string): number {
  const number = Number(value);
  if (!(number >= 0) || !Number.isFinite(number)) throw new InvalidArgumentError('must be a number of at least 0.');
  return number;
}

export function rateValue(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('must be a rate between 0 and 1.');
  return number;
}

/** No larger than a double counts exactly: what is recorded must be what was asked for. */
function wholeNumber(value: string, least: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new InvalidArgumentError(`must be a whole number of at least ${least}.`);
}
