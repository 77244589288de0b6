import type { Command } from 'commander';
import { UserError } from '../core/errors.js';
import { readRunHeader } from '../result/run-folder.js';

/**
 * Flags for a run that is to go on: those with which it was begun, and over them what is given now.
 * @param given the command as it was called.
 * @param begun the same command, not parsed yet.
 * @throws UserError when the folder is no run, or its record does not tell how it was begun.
 */
export async function resumedFlags<Flags extends object>(run: string, given: Command, begun: Command): Promise<Flags> {
  const { environment, spec } = await readRunHeader(run);
  const now = Object.entries(given.opts()).filter(([flag]) => given.getOptionValueSource(flag) === 'cli');
  const [name, ...argv] = environment.argv;
  if (name === begun.name()) begun.parseOptions(argv);
  else if (!now.some(([flag]) => flag === 'dataset')) {
    throw new UserError(`${run} was not begun by this command, so its flags are not known`, {
      hint: 'give --dataset and the other flags beside --resume',
    });
  }
  return Object.assign(begun.opts(), { model: [spec.model.name] }, Object.fromEntries(now)) as Flags;
}
