import { Command, Option } from 'commander';
import { throwIfProblems } from '../core/errors.js';
import { SPEAKERS } from '../core/speaker.js';
import { listDatasets, openDataset, readDataset } from '../dataset/catalogue.js';
import { synthesize } from '../dataset/synth.js';
import { verifyReading } from '../dataset/verify.js';
import { duration } from '../report/numbers.js';
import { renderText } from '../report/table.js';
import { pullCommand } from './datasets-pull.js';
import { splitCommand } from './datasets-split.js';
import {
  DEFAULT_DATASET,
  positiveInteger,
  positiveNumber,
  printJson,
  printWarnings,
  withExamples,
  withOutputFlags,
} from './options.js';

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function datasetsCommand(): Command {
  const datasets = new Command('datasets').description(
    'list, describe, download, split, verify and generate data sets',
  );
  const list = withOutputFlags(datasets.command('list').description('data sets that have a name'));
  withExamples(list, 'turnbench datasets list').action(printList);

  const info = datasets
    .command('info')
    .description('describe a data set and its conversations')
    .argument('[name|folder]', 'data set', DEFAULT_DATASET);
  withExamples(withOutputFlags(info), 'turnbench datasets info', 'turnbench datasets info ./my-data').action(printInfo);

  const verifying = datasets
    .command('verify')
    .description('check every file of a data set, decode all its audio and video, list everything that is wrong')
    .argument('[name|folder]', 'data set', DEFAULT_DATASET);
  withExamples(withOutputFlags(verifying), 'turnbench datasets verify ./my-data').action(verify);

  const synth = datasets
    .command('synth')
    .description('generate a data set of speech-like noise of any size, for speed and memory measurements')
    .argument('<folder>', 'where to write it')
    .addOption(new Option('--conversations <n>', 'how many').argParser(positiveInteger).default(4))
    .addOption(new Option('--minutes <m>', 'length of each').argParser(positiveNumber).default(2))
    .addOption(new Option('--rate <hz>', 'sample rate').argParser(positiveInteger).default(16_000))
    .addOption(new Option('--seed <n>', 'equal seeds give equal bytes').argParser(positiveInteger).default(1))
    .addOption(new Option('--audio <layout>', 'audio files').choices(['mono', 'stereo', 'none']).default('mono'));
  const generated = 'turnbench datasets synth ./generated --conversations 38 --minutes 12';
  withExamples(withOutputFlags(synth), generated).action(generate);
  datasets.addCommand(pullCommand());
  datasets.addCommand(splitCommand());
  return withExamples(datasets, 'turnbench datasets info mini', 'turnbench datasets verify ./my-data', generated);
}

function printList(flags: Flags): void {
  const list = listDatasets().map(({ name, summary }) => ({ name, summary }));
  const columns = [{ title: 'data set' }, { title: '' }];
  if (flags.json) printJson(list);
  else process.stdout.write(`${renderText({ columns, rows: list.map(({ name, summary }) => [name, summary]) })}\n`);
}

async function printInfo(source: string, flags: Flags): Promise<void> {
  const dataset = await openDataset(source);
  const conversations = await Promise.all(dataset.ids.map((id) => dataset.open(id)));
  const described = conversations.map(({ id, tags, durationS, audio, video, annotations }) => ({
    id,
    duration_s: durationS,
    sample_rate_hz: audio?.sampleRateHz ?? null,
    video: SPEAKERS.filter((speaker) => video?.[speaker]),
    annotators: annotations ? annotations[1].map(({ annotator }) => annotator) : [],
    tags,
  }));
  if (flags.json) return printJson({ ...dataset.info, conversations: described });
  const { name, version, revision, licence, language, description } = dataset.info;
  const isSeen = described.some(({ video }) => video.length > 0);
  const table = renderText({
    columns: [
      { title: 'id' },
      { title: 'duration', align: 'right' },
      { title: 'Hz', align: 'right' },
      ...(isSeen ? [{ title: 'video of' }] : []),
      { title: 'annotators' },
      { title: 'tags' },
    ],
    rows: described.map((row) => [
      row.id,
      duration(row.duration_s),
      row.sample_rate_hz === null ? '—' : String(row.sample_rate_hz),
      ...(isSeen ? [row.video.join(' ') || '—'] : []),
      row.annotators.join(' ') || '—',
      Object.entries(row.tags)
        .map(([tag, value]) => `${tag}=${value}`)
        .join(' '),
    ]),
  });
  const totalS = described.reduce((sum, row) => sum + row.duration_s, 0);
  process.stdout.write(
    `${name} ${version} (revision ${revision}) · ${described.length} conversations · ${duration(totalS)}\n` +
      `${description}\nlanguage ${language} · licence ${licence}\n\n${table}\n`,
  );
  printWarnings(dataset.warnings);
}

interface SynthFlags extends Flags {
  readonly conversations: number;
  readonly minutes: number;
  readonly rate: number;
  readonly seed: number;
  readonly audio: 'mono' | 'stereo' | 'none';
}

async function generate(folder: string, flags: SynthFlags): Promise<void> {
  const { conversations, minutes, rate: sampleRateHz, seed, audio: format } = flags;
  await synthesize(folder, { conversations, minutes, sampleRateHz, seed, format });
  if (flags.json) printJson({ folder, conversations, minutes });
  else process.stdout.write(`${conversations} conversations of ${minutes} min in ${folder}\n`);
}

async function verify(source: string, flags: Flags): Promise<void> {
  const { info, conversations, problems, warnings, videosChecked } = await verifyReading(
    await readDataset(source),
    (id) => {
      if (!flags.quiet) process.stderr.write(`${id}\n`);
    },
  );
  printWarnings(warnings);
  if (flags.json)
    printJson({ ok: problems.length === 0, name: info.name, revision: info.revision, problems, warnings });
  throwIfProblems(`data set ${source}`, problems);
  if (!flags.json) {
    const frames =
      videosChecked === null ? ' decoded, video not looked at' : videosChecked > 0 ? ' and frame decoded' : ' decoded';
    process.stdout.write(`ok: ${conversations.length} conversations of ${info.name}, every sample${frames}\n`);
  }
}
