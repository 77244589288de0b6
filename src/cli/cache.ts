import { Command } from 'commander';
import { UserError } from '../core/errors.js';
import { keptAnswersFolder } from '../run/kept-answers.js';
import { byteCount, printJson, withExamples, withOutputFlags } from './options.js';

const DEFAULT_LIMIT_BYTES = 2 * 1024 ** 3;

/** What kept answers may occupy: `$TURNBENCH_CACHE_SIZE`, else 2 GiB. */
export function keptAnswersLimit(): number {
  const size = process.env.TURNBENCH_CACHE_SIZE;
  if (size === undefined) return DEFAULT_LIMIT_BYTES;
  if (size.trim() === '0') return 0;
  try {
    return byteCount(size);
  } catch {
    throw new UserError(`TURNBENCH_CACHE_SIZE is '${size}'`, { hint: 'write a size such as 500M or 8G, or 0' });
  }
}

export function cacheCommand(): Command {
  const command = new Command('cache').description('see and remove what networks have answered in earlier runs');
  command.addCommand(
    withExamples(
      withOutputFlags(new Command('ls').description('how much is kept, and where')).action(list),
      'turnbench cache ls',
    ),
  );
  command.addCommand(
    withExamples(
      withOutputFlags(
        new Command('rm').description('remove all kept answers: runs take the time of the model again'),
      ).action(remove),
      'turnbench cache rm',
    ),
  );
  return withExamples(command, 'turnbench cache ls', 'turnbench cache rm');
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const kept = keptAnswersFolder();
  const files = await kept.list();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const limit = keptAnswersLimit();
  const oldest = files[0] && new Date(files[0].usedMs).toISOString();
  if (json)
    printJson({ folder: kept.folder, conversations: files.length, bytes, limit_bytes: limit, oldest: oldest ?? null });
  else {
    process.stdout.write(`${kept.folder}\n${files.length} conversations, ${megabytes(bytes)} of ${megabytes(limit)}\n`);
    if (oldest) process.stdout.write(`not used since ${oldest}: the first to go\n`);
  }
}

async function remove({ json }: { json?: boolean }): Promise<void> {
  const removed = await keptAnswersFolder().trim(0);
  if (json) printJson({ removed_bytes: removed });
  else process.stdout.write(`removed ${megabytes(removed)}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
