import { Command } from 'commander';
import { describeModel, MODELS } from '../models/catalogue.js';
import { renderText } from '../report/table.js';
import { ORACLE } from '../run/plan.js';
import { buildCommand, pullCommand } from './models-weights.js';
import { printJson, withExamples, withOutputFlags } from './options.js';

interface Flags {
  readonly json?: boolean;
}

const ORACLE_ENTRY = {
  name: ORACLE,
  summary: 'not a model: replays the gold events, the ceiling of every score',
};

export function modelsCommand(): Command {
  const models = new Command('models').description('list, describe, download and build the built-in models');
  const list = withOutputFlags(models.command('list').description('models that have a name'));
  withExamples(list, 'turnbench models list').action(printList);
  const info = models
    .command('info')
    .description('options, rate, latency and weights of a model')
    .argument('<name>', 'built-in model');
  withExamples(withOutputFlags(info), 'turnbench models info silero-vad').action(printInfo);
  models.addCommand(pullCommand()).addCommand(buildCommand());
  return withExamples(models, 'turnbench models list', 'turnbench models info silero-vad');
}

function printList(flags: Flags): void {
  const list = [...MODELS.list().map(({ name, summary }) => ({ name, summary })), ORACLE_ENTRY];
  const columns = [{ title: 'model' }, { title: '' }];
  if (flags.json) printJson(list);
  else process.stdout.write(`${renderText({ columns, rows: list.map(({ name, summary }) => [name, summary]) })}\n`);
}

async function printInfo(name: string, flags: Flags): Promise<void> {
  if (name === ORACLE) {
    if (flags.json) return printJson(ORACLE_ENTRY);
    process.stdout.write(`${ORACLE_ENTRY.name}: ${ORACLE_ENTRY.summary}\n`);
    return;
  }
  const model = await describeModel(name);
  if (flags.json) return printJson(model);
  const options = model.options.map(({ name: option, accepts, defaultValue, meaning }) => [
    option,
    defaultValue === undefined ? '—' : String(defaultValue),
    accepts,
    meaning,
  ]);
  const sees = model.video ? `, sees ${model.video.width} × ${model.video.height}` : '';
  const lines = [
    `${model.name}: ${model.summary}`,
    `hears ${model.inputSampleRate} Hz${sees} · latency: ${model.latency}`,
    ...model.weights.map(({ file, sha256, licence }) => `weights ${file} (${licence}), sha256 ${sha256}`),
  ];
  if (options.length > 0) {
    const columns = ['option (-o)', 'default', 'accepts', 'meaning'].map((title) => ({ title }));
    lines.push('', renderText({ columns, rows: options }));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
