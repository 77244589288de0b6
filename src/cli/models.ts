import { Command } from 'commander';
import { describeModel, MODELS } from '../models/catalogue.js';
import { renderText } from '../report/table.js';
import { ORACLE } from '../run/plan.js';
import { printJson, withOutputFlags } from './options.js';

interface Flags {
  readonly json?: boolean;
}

export function modelsCommand(): Command {
  const models = new Command('models').description('list and describe the built-in models');
  withOutputFlags(models.command('list').description('models that have a name')).action((flags: Flags) => {
    const list = [
      ...MODELS.list().map(({ name, summary }) => ({ name, summary })),
      { name: ORACLE, summary: 'not a model: replays the gold events, the ceiling of every score' },
    ];
    if (flags.json) printJson(list);
    else
      process.stdout.write(
        `${renderText({ columns: [{ title: 'model' }, { title: '' }], rows: list.map((entry) => [entry.name, entry.summary]) })}\n`,
      );
  });
  withOutputFlags(
    models
      .command('info')
      .description('options, rate, latency and weights of a model')
      .argument('<name>', 'built-in model'),
  ).action(async (name: string, flags: Flags) => {
    const model = await describeModel(name);
    if (flags.json) return printJson(model);
    const options = model.options.map(({ name: option, accepts, defaultValue, meaning }) => [
      option,
      defaultValue === undefined ? '—' : String(defaultValue),
      accepts,
      meaning,
    ]);
    const lines = [
      `${model.name}: ${model.summary}`,
      `hears ${model.inputSampleRate} Hz · latency: ${model.latency}`,
      ...model.weights.map(({ file, sha256, licence }) => `weights ${file} (${licence}), sha256 ${sha256}`),
    ];
    if (options.length > 0) {
      const columns = ['option (-o)', 'default', 'accepts', 'meaning'].map((title) => ({ title }));
      lines.push('', renderText({ columns, rows: options }));
    }
    process.stdout.write(`${lines.join('\n')}\n`);
  });
  return models.addHelpText('after', '\nExamples:\n  $ turnbench models list\n  $ turnbench models info silero-vad');
}
