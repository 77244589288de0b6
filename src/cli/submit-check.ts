import { Command, Option } from 'commander';
import { EXIT } from '../core/errors.js';
import { checkSubmission, type SubmissionFile, type SubmissionSplits } from '../run/submission-folder.js';
import { printJson, withExamples, withOutputFlags } from './options.js';

export function submitCheckCommand(): Command {
  const command = new Command('submit-check')
    .description('validate the folder of a baseline as the public checker does: predictions and probability files')
    .argument('<folder>', 'with predictions-dev.json, predictions-test.json, and maybe probs-eot.json, probs-int.json')
    .addOption(new Option('--dev <data set|durations.json>', 'conversations of the dev split').default('turnbench-dev'))
    .addOption(
      new Option('--test <data set|durations.json>', 'conversations of the test split').default('turnbench-test'),
    );
  return withExamples(
    withOutputFlags(command),
    'turnbench submit-check baselines/my-model',
    'turnbench submit-check baselines/my-model --dev durations-dev.json --test durations-test.json --json',
  ).action(submitCheck);
}

async function submitCheck(folder: string, flags: SubmissionSplits & { json?: boolean }): Promise<void> {
  const { ok, files } = await checkSubmission(folder, flags);
  if (flags.json) printJson({ ok, path: folder, files });
  else process.stdout.write(`${[...files.map(line), '', verdict(ok, files)].join('\n')}\n`);
  if (!ok) process.exitCode = EXIT.usage;
}

const MARKS: Readonly<Record<SubmissionFile['status'], string>> = {
  valid: '✓',
  invalid: '✗',
  missing: '✗',
  absent: '⚠',
};

function line({ file, status, message }: SubmissionFile): string {
  const word = status === 'valid' || status === 'invalid' ? '' : `${status}; `;
  return `${MARKS[status]} ${file}${message === null ? '' : `: ${word}${message}`}`;
}

function verdict(ok: boolean, files: readonly SubmissionFile[]): string {
  const absent = files.filter(({ status }) => status === 'absent').length;
  if (!ok) return 'not ready to submit';
  return absent === 0 ? 'all files are valid: ready to submit' : `valid; left out: ${absent} of the optional files`;
}
