import { Command, Option } from 'commander';
import { EXIT, UserError } from '../core/errors.js';
import type { FloorDecision } from '../core/model.js';
import { stepEndS } from '../core/time.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { loadModel } from '../models/catalogue.js';
import { parseOptions } from '../models/options.js';
import { type CausalityReport, checkCausality } from '../stream/causality.js';
import { closeModel } from './close-model.js';
import { interruptible } from './interrupt.js';
import {
  collect,
  datasetOption,
  nonNegativeInteger,
  positiveInteger,
  positiveNumber,
  printJson,
  pythonOption,
  selectionOptions,
  withOutputFlags,
} from './options.js';
import { refuseLive } from './refuse-live.js';

interface Flags {
  readonly model: string;
  readonly option?: readonly string[];
  readonly python?: string;
  readonly dataset: string;
  readonly ids?: readonly string[];
  readonly where?: readonly string[];
  readonly limit?: number;
  readonly cuts: number;
  readonly seed: number;
  readonly stepDeadline: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function checkCausalityCommand(): Command {
  const command = new Command('check-causality')
    .description('prove that a model does not use the future: change it and compare the past')
    .addOption(new Option('-m, --model <name|path|package>', 'what to check').makeOptionMandatory())
    .addOption(new Option('-o, --option <key=value>', 'option of the model (repeatable)').argParser(collect))
    .addOption(pythonOption())
    .addOption(datasetOption());
  for (const option of selectionOptions()) command.addOption(option);
  command
    .addOption(new Option('--cuts <n>', 'random moments per conversation').argParser(positiveInteger).default(8))
    .addOption(new Option('--seed <n>', 'of the moments and the noise').argParser(nonNegativeInteger).default(0))
    .addOption(new Option('--step-deadline <s>', 'longest wait for one answer').argParser(positiveNumber).default(30));
  return withOutputFlags(command)
    .addHelpText(
      'after',
      `
Without --ids, --where or --limit the first conversation is used. Exit code 3 when the model uses the future.

Examples:
  $ turnbench check-causality -m ./my-model.js
  $ turnbench check-causality -m silero-vad --cuts 20 -n 3`,
    )
    .action(check);
}

async function check(flags: Flags): Promise<void> {
  const dataset = await openDataset(flags.dataset);
  const chosen = flags.ids || flags.where || flags.limit ? flags : { limit: 1 };
  const ids = await selectIds(dataset, chosen);
  const model = await loadModel(flags.model, parseOptions(flags.option ?? []), undefined, { python: flags.python });
  refuseLive(flags.model, model, 'it hears audio at the pace of real time, so there is no future to look at');
  const reports: (CausalityReport & { readonly id: string })[] = [];
  try {
    await interruptible(async (signal) => {
      for (const id of ids) {
        const { audio, video } = await dataset.open(id);
        if (!audio) throw new UserError(`conversation ${id} has no audio`);
        const { cuts, seed, stepDeadline: stepDeadlineS } = flags;
        const report = await checkCausality(model, audio, { cuts, seed, stepDeadlineS, signal, video });
        reports.push({ id, ...report });
        if (!flags.json) process.stdout.write(`${describe(id, report)}\n`);
      }
    });
  } finally {
    await closeModel(flags.model, model, flags.stepDeadline);
  }
  if (flags.json)
    printJson({ model: flags.model, causal: reports.every(({ violation }) => !violation), conversations: reports });
  if (reports.some(({ violation }) => violation)) process.exitCode = EXIT.gate;
}

function describe(id: string, { cuts, violation }: CausalityReport): string {
  if (!violation) return `ok: conversation ${id}: ${cuts.length} futures changed, no decision before them moved`;
  const { subject, step, cutStep, expected, got } = violation;
  const where = `conversation ${id}, speaker ${subject} as subject, step ${step} (${stepEndS(step).toFixed(2)} s)`;
  const change = `${show(expected)} became ${show(got)}`;
  if (cutStep === undefined) {
    return `not repeatable: ${where}: the same conversation, run again: ${change}. Does reset() forget everything?`;
  }
  return `not causal: ${where}: ${change} when everything from ${stepEndS(cutStep - 1).toFixed(2)} s on was replaced`;
}

function show(decision: FloorDecision): string {
  if (typeof decision === 'number') return String(decision);
  return 'pFloor' in decision ? `P ${decision.pFloor}` : `[${decision.join(', ')}]`;
}
