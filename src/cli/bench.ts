import { Command, Option } from 'commander';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { benchModel } from '../latency/bench.js';
import { currentLoad } from '../latency/noise.js';
import { loadModel } from '../models/catalogue.js';
import { parseOptions } from '../models/options.js';
import { runtimeInfo } from '../onnx/session.js';
import { renderBench } from '../report/bench.js';
import { BENCH_SCHEMA_VERSION, type BenchReport } from '../result/bench-schema.js';
import { captureEnvironment } from '../result/environment.js';
import {
  collect,
  datasetOption,
  positiveInteger,
  printJson,
  pythonOption,
  withExamples,
  withOutputFlags,
} from './options.js';
import { refuseLive } from './refuse-live.js';

interface Flags {
  readonly model: string;
  readonly option?: readonly string[];
  readonly python?: string;
  readonly dataset: string;
  readonly id?: string;
  readonly warmup: number;
  readonly runs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function benchCommand(): Command {
  const command = new Command('bench')
    .description('measure how long the parts of a model take on this machine, one by one and end to end')
    .addOption(new Option('-m, --model <name|path|package>', 'what to measure').makeOptionMandatory())
    .addOption(new Option('-o, --option <key=value>', 'option of the model (repeatable)').argParser(collect))
    .addOption(pythonOption())
    .addOption(datasetOption())
    .addOption(new Option('--id <id>', 'conversation to stream (default: the first)'))
    .addOption(
      new Option('--warmup <n>', 'untimed runs of every part, and at least 50 ms of them')
        .argParser(positiveInteger)
        .default(10),
    )
    .addOption(
      new Option('--runs <n>', 'timed runs; of streamed audio, seconds').argParser(positiveInteger).default(100),
    );
  return withExamples(
    withOutputFlags(command),
    'turnbench bench -m silero-vad',
    "turnbench bench -m ./my-model.js --runs 300 --json | jq '.components[] | {name, p50_ms}'",
  ).action(bench);
}

async function bench(flags: Flags): Promise<void> {
  const load = currentLoad();
  const options = parseOptions(flags.option ?? []);
  const dataset = await openDataset(flags.dataset);
  const [id = ''] = await selectIds(dataset, flags.id === undefined ? { limit: 1 } : { ids: [flags.id] });
  const { audio, video } = await dataset.open(id);
  if (!audio) throw new UserError(`conversation ${id} has no audio`);
  const model = await loadModel(flags.model, options, undefined, { python: flags.python });
  try {
    refuseLive(flags.model, model, 'there is nothing in it that this machine computes');
    const { name, version } = dataset.info;
    const weights = model.weights ?? [];
    const usesRuntime = weights.some(({ file }) => file.endsWith('.onnx'));
    const { warmup, runs } = flags;
    const environment = captureEnvironment(process.argv.slice(2), usesRuntime ? (await runtimeInfo()).version : null);
    const measured = await benchModel(flags.model, model, audio, {
      video,
      warmup,
      runs,
      load,
      nowMs: () => performance.now(),
      onPart: (part) => flags.quiet || process.stderr.write(`${part}\n`),
    });
    const report: BenchReport = {
      schema_version: BENCH_SCHEMA_VERSION,
      model: {
        name: flags.model,
        options,
        input_sample_rate_hz: model.inputSampleRate,
        weights: weights.map(({ file, sha256 }) => ({ file, sha256 })),
      },
      settings: {
        warmup,
        runs,
        dataset: `${name} ${version}`,
        conversation_id: id,
        sample_rate_hz: audio.sampleRateHz,
      },
      environment,
      ...measured,
    };
    if (flags.json) printJson(report);
    else process.stdout.write(renderBench(report));
  } finally {
    await model.close?.();
  }
}
