import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { counted } from '../report/numbers.js';
import { isRunFolder, readConversationRows, readRunHeader } from '../result/run-folder.js';
import { checkFormatFile } from '../run/check-file.js';
import { durationsOf } from '../run/score-file.js';
import { idsOfShard } from '../run/shard.js';
import { finishedIds } from '../run/source.js';
import { datasetOption, printJson, splitOption, withExamples, withOutputFlags } from './options.js';

export function checkCommand(): Command {
  const command = new Command('check')
    .description('validate a predictions file, a probability file or a run folder without scoring it')
    .argument('<file|run>', 'what to check')
    .addOption(datasetOption())
    .addOption(splitOption());
  const examples = ['turnbench check predictions.json -d ./my-data', 'turnbench check results/2026… -d ./my-data'];
  return withExamples(withOutputFlags(command), ...examples).action(check);
}

async function check(path: string, flags: { dataset: string; split?: string; json?: boolean }): Promise<void> {
  const dataset = await openDataset(flags.dataset);
  const ids = await selectIds(dataset, { split: flags.split });
  const checked = isRunFolder(path) ? await checkRun(path, dataset) : await checkFile(path, dataset, ids);
  if (flags.json) return printJson({ ok: true, path, ...checked });
  const size = counted(checked.conversations, 'conversation');
  process.stdout.write(`ok: ${path} is a valid ${checked.kind} (${size})\n`);
}

interface Checked {
  readonly kind: string;
  readonly conversations: number;
}

async function checkFile(file: string, dataset: Dataset, ids: readonly string[]): Promise<Checked> {
  return checkFormatFile(file, await durationsOf(dataset, ids));
}

/** Header, rows and the public files beside them. */
async function checkRun(path: string, dataset: Dataset): Promise<Checked> {
  const header = await readRunHeader(path);
  const rows = await readConversationRows(path);
  const { shard, dataset: asked } = header.spec;
  const planned = shard ? await idsOfShard(dataset, asked.ids, shard) : asked.ids;
  const missing = planned.filter((id) => !rows.some((row) => row.conversation_id === id));
  if (missing.length > 0) {
    throw new UserError(`${join(path, 'conversations.jsonl')} has no row for ${missing.join(', ')}`, {
      hint: `the run's status is '${header.status}': run it again`,
    });
  }
  const finished = await finishedIds(path, dataset);
  for (const name of ['predictions.json', 'probs-eot.json', 'probs-int.json']) {
    const file = join(path, name);
    if (name === 'predictions.json' || existsSync(file)) await checkFile(file, dataset, finished);
  }
  return { kind: `run (${header.status})`, conversations: rows.length };
}
