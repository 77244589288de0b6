/**
 * Parse, dispatch, exit code. The product goes to stdout, everything a person reads goes to stderr; a `UserError` is
 * one message and a hint, anything else is a bug and shows its stack.
 */

import { Command, CommanderError } from 'commander';
import { EXIT, messageOf, UserError } from '../core/errors.js';
import { packageVersion } from '../result/environment.js';
import { checkCommand } from './check.js';
import { checkCausalityCommand } from './check-causality.js';
import { datasetsCommand } from './datasets.js';
import { doctorCommand } from './doctor.js';
import { evalCommand } from './eval.js';
import { goldCommand } from './gold.js';
import { modelsCommand } from './models.js';
import { schemaCommand } from './schema.js';
import { scoreCommand } from './score.js';
import { sweepCommand } from './sweep.js';

export async function main(argv: readonly string[]): Promise<void> {
  // A reader that closes early (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    throw error;
  });
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function program(): Command {
  const root = new Command('turnbench')
    .description(
      'Evaluate turn-taking models: how often is the end of a turn (or an interruption) right, and how late?',
    )
    .version(packageVersion())
    .addHelpText(
      'after',
      `
Examples:
  $ turnbench eval                                      the bundled baselines on the bundled data, swept
  $ turnbench eval -m silero-vad -o min_silence_s=0.3   one model with an option
  $ turnbench eval -m ./my-model.js -d ./my-data        your model on your data
  $ turnbench score predictions.json -d ./my-data       score a file of events, no model needed

Exit codes: 0 ok · 1 bug · 2 usage or configuration · 3 gate failed · 4 some conversations failed, the rest is saved
            5 something must be installed or downloaded first · 130 interrupted (what was finished is saved)`,
    );
  root.addCommand(evalCommand());
  root.addCommand(sweepCommand());
  root.addCommand(scoreCommand());
  root.addCommand(checkCommand());
  root.addCommand(goldCommand());
  root.addCommand(modelsCommand());
  root.addCommand(datasetsCommand());
  root.addCommand(checkCausalityCommand());
  root.addCommand(doctorCommand());
  root.addCommand(schemaCommand());
  for (const command of [root, ...descendants(root)]) {
    command.exitOverride().showSuggestionAfterError().showHelpAfterError('(add --help for usage)');
  }
  return root;
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/** @returns the exit code. */
function report(error: unknown): number {
  // Commander has printed its own message; help and version are "errors" with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UserError) {
    process.stderr.write(`error: ${error.message}\n${error.hint === undefined ? '' : `hint: ${error.hint}\n`}`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  process.stderr.write(`${stack}\nThis is a bug in turnbench. Please report it with the command that you ran.\n`);
  return EXIT.bug;
}
