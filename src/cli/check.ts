import { join } from 'node:path';
import { Command } from 'commander';
import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { readJson } from '../io/json.js';
import { parsePredictions } from '../result/predictions.js';
import { parseProbabilities } from '../result/probabilities.js';
import { isRunFolder, readConversationRows, readRunHeader } from '../result/run-folder.js';
import { durationsOf } from '../run/score-file.js';
import { datasetOption, printJson, withOutputFlags } from './options.js';

export function checkCommand(): Command {
  return withOutputFlags(
    new Command('check')
      .description('validate a predictions file, a probability file or a run folder without scoring it')
      .argument('<file|run>', 'what to check')
      .addOption(datasetOption()),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  $ turnbench check predictions.json -d ./my-data\n  $ turnbench check results/2026…',
    )
    .action(async (path: string, flags: { dataset: string; json?: boolean }) => {
      const dataset = await openDataset(flags.dataset);
      const checked = isRunFolder(path) ? await checkRun(path) : await checkFile(path, dataset);
      if (flags.json) printJson({ ok: true, path, ...checked });
      else process.stdout.write(`ok: ${path} is a valid ${checked.kind} (${checked.conversations} conversations)\n`);
    });
}

interface Checked {
  readonly kind: string;
  readonly conversations: number;
}

async function checkFile(file: string, dataset: Dataset): Promise<Checked> {
  const value = await readJson(file);
  const durations = await durationsOf(dataset);
  const isProbabilities = typeof value === 'object' && value !== null && 'probs' in value;
  if (isProbabilities) {
    return { kind: 'probability file', conversations: parseProbabilities(value, durations, file).tracks.size };
  }
  return { kind: 'predictions file', conversations: parsePredictions(value, durations, file).size };
}

async function checkRun(path: string): Promise<Checked> {
  const header = await readRunHeader(path);
  const rows = await readConversationRows(path);
  const missing = header.spec.dataset.ids.filter((id) => !rows.some((row) => row.conversation_id === id));
  if (missing.length > 0) {
    throw new UserError(`${join(path, 'conversations.jsonl')} has no row for ${missing.join(', ')}`, {
      hint: `the run's status is '${header.status}': run it again`,
    });
  }
  return { kind: `run (${header.status})`, conversations: rows.length };
}
