import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openDataset } from '../dataset/catalogue.js';
import { PUBLIC_SPEAKER_TAGS, splitConversations } from '../dataset/split.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { renderText } from '../report/table.js';
import { datasetOption, positiveInteger, printJson, withExamples, withOutputFlags } from './options.js';

interface SplitFlags {
  readonly dataset: string;
  readonly dev: number;
  readonly seed: number;
  readonly speakers: readonly [string, string] | boolean;
  readonly out: string;
  readonly json?: boolean;
}

export function splitCommand(): Command {
  const command = new Command('split')
    .description('divide a data set in two parts in which nobody speaks in both, balanced by type of conversation')
    .addOption(datasetOption())
    .addOption(new Option('--dev <share>', 'share of the first part').argParser(share).default(0.25))
    .addOption(new Option('--seed <n>', 'equal seeds give equal parts').argParser(positiveInteger).default(1))
    .addOption(
      new Option('--speakers <tag,tag>', `tags that name the speakers (default ${PUBLIC_SPEAKER_TAGS.join(',')})`)
        .argParser(twoTags)
        .default(true, PUBLIC_SPEAKER_TAGS.join(',')),
    )
    .addOption(new Option('--no-speakers', 'let the same people speak in both parts'))
    .addOption(new Option('--out <folder>', 'where dev.txt and test.txt go').makeOptionMandatory());
  return withExamples(
    withOutputFlags(command),
    'turnbench datasets split -d ./corpus --dev 0.25 --seed 7 --out splits',
    'turnbench eval -d ./corpus --split splits/dev.txt',
  ).action(split);
}

async function split({ dataset: name, dev, seed, speakers, out, json }: SplitFlags): Promise<void> {
  const dataset = await openDataset(name);
  const conversations = await Promise.all(dataset.ids.map((id) => dataset.open(id)));
  const speakerTags = speakers === true ? PUBLIC_SPEAKER_TAGS : speakers === false ? null : speakers;
  const parts = splitConversations(conversations, { devShare: dev, seed, speakerTags });
  await makeFolder(out);
  const files = { dev: join(out, 'dev.txt'), test: join(out, 'test.txt') };
  await atomicWrite(files.dev, `${parts.dev.join('\n')}\n`);
  await atomicWrite(files.test, `${parts.test.join('\n')}\n`);
  if (json) return printJson({ files, ...parts });
  const rows = Object.entries(parts.types).map(([type, count]) => [type, String(count.dev), String(count.test)]);
  rows.push(['all', String(parts.dev.length), String(parts.test.length)]);
  const columns = [{ title: 'type' }, { title: 'dev', align: 'right' }, { title: 'test', align: 'right' }] as const;
  process.stdout.write(`${renderText({ columns, rows })}\n\n${files.dev}, ${files.test}\n`);
}

function share(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('must lie strictly between 0 and 1.');
  return number;
}

function twoTags(value: string): readonly [string, string] {
  const [first, second, ...more] = value.split(',').map((tag) => tag.trim());
  if (!first || !second || more.length > 0) throw new InvalidArgumentError('must be two tags with a comma.');
  return [first, second];
}
