/**
 * Parse, dispatch, exit code. The product goes to stdout, everything a person reads goes to stderr; a `UserError` is
 * one message and a hint, anything else is a bug and shows its stack.
 *
 * A command is imported when it is called: `turnbench --help` must not wait for an inference runtime.
 */

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, messageOf, UserError } from '../core/errors.js';
import { packageVersion } from '../result/environment.js';
import { applyConfig } from './config.js';

interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

const COMMANDS: readonly Entry[] = [
  entry('eval', 'run models over a data set, score, sweep, report', async () =>
    (await import('./eval.js')).evalCommand(),
  ),
  entry('merge', 'make one run of the shards of a run', async () => (await import('./merge.js')).mergeCommand()),
  entry('slurm', 'write the jobs that run shards on a Slurm cluster', async () =>
    (await import('./slurm.js')).slurmCommand(),
  ),
  entry('sweep', 'sweep the threshold of a probability file', async () => (await import('./sweep.js')).sweepCommand()),
  entry('policy', 'false cut-offs against latency over silences (eot-bench)', async () =>
    (await import('./policy.js')).policyCommand(),
  ),
  entry('score', 'score a predictions file against gold', async () => (await import('./score.js')).scoreCommand()),
  entry('report', 'draw figures and write a report of one run or several', async () =>
    (await import('./report.js')).reportCommand(),
  ),
  entry('compare', 'compare runs, or hold them against a baseline', async () =>
    (await import('./compare.js')).compareCommand(),
  ),
  entry('baselines', 'rewrite what models are expected to score', async () =>
    (await import('./baselines.js')).baselinesCommand(),
  ),
  entry('check', 'validate a file or a run folder', async () => (await import('./check.js')).checkCommand()),
  entry('submit-check', 'validate the folder of a submission', async () =>
    (await import('./submit-check.js')).submitCheckCommand(),
  ),
  entry('gold', 'what the annotators agree on', async () => (await import('./gold.js')).goldCommand()),
  entry('models', 'list and describe built-in models', async () => (await import('./models.js')).modelsCommand()),
  entry('datasets', 'list, describe, verify data sets', async () => (await import('./datasets.js')).datasetsCommand()),
  entry('check-causality', 'prove that a model does not use the future', async () =>
    (await import('./check-causality.js')).checkCausalityCommand(),
  ),
  entry('stream', 'show or write what a model in another process is sent', async () =>
    (await import('./stream.js')).streamCommand(),
  ),
  entry('bench', 'measure how long the parts of a model take', async () => (await import('./bench.js')).benchCommand()),
  entry('serve-fake', 'serve a stand-in for a live system', async () =>
    (await import('./serve-fake.js')).serveFakeCommand(),
  ),
  entry('cache', 'see and remove what networks have answered before', async () =>
    (await import('./cache.js')).cacheCommand(),
  ),
  entry('doctor', 'check what turnbench needs on this machine', async () =>
    (await import('./doctor.js')).doctorCommand(),
  ),
  entry('schema', 'print the JSON schema of a file format', async () => (await import('./schema.js')).schemaCommand()),
];

export async function main(argv: readonly string[]): Promise<void> {
  // Before there are none left to ask with.
  const openFiles = openFileLimit();
  // A reader that closes early (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    throw error;
  });
  process.stderr.off('error', onStderrError).on('error', onStderrError);
  // What a model prints is for people: on stdout it would end up in the product.
  console.log = console.info = console.debug = console.error;
  process.once('beforeExit', reportStall);
  try {
    const wanted = argv[2] === 'help' ? argv[3] : argv[2];
    const called = COMMANDS.find(({ name }) => name === wanted);
    const root = rootCommand(called ? await called.load() : undefined);
    await root.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, openFiles);
  } finally {
    process.off('beforeExit', reportStall);
  }
}

/** Nobody has to read the progress: the run is what matters, and it goes on. */
function onStderrError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** The command is not over, but there is nothing left that could end it: without a word, Node would just stop. */
function reportStall(): void {
  process.exitCode = report(
    new UserError('the command waits for something that never comes', {
      hint: 'most likely a promise of the model that never settles: its loadModel, close, or an await in its module',
    }),
  );
}

/** @param called the command that runs, whole; the others are only named. */
function rootCommand(called: Command | undefined): Command {
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
  $ turnbench compare results/A results/B               what became better or worse

Exit codes: 0 ok · 1 bug · 2 usage or configuration · 3 gate failed · 4 some conversations failed, the rest is saved
            5 something must be installed or downloaded first · 130 interrupted (what was finished is saved)`,
    )
    .hook('preAction', async (_, command) => applyConfig(command, loadAll));
  for (const { name, summary } of COMMANDS) {
    root.addCommand(name === called?.name() ? called.summary(summary) : new Command(name).description(summary));
  }
  for (const command of [root, ...descendants(root)]) {
    command.exitOverride().showSuggestionAfterError().showHelpAfterError('(add --help for usage)');
  }
  return root;
}

function loadAll(): Promise<Command[]> {
  return Promise.all(COMMANDS.map(({ load }) => load()));
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/**
 * @param openFiles how many the system permits.
 * @returns the exit code.
 */
function report(error: unknown, openFiles = Number.POSITIVE_INFINITY): number {
  // Commander has printed its own message; help and version are "errors" with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UserError) {
    process.stderr.write(`error: ${error.message}\n${error.hint === undefined ? '' : `hint: ${error.hint}\n`}`);
    return error.exitCode;
  }
  if (openFiles < ENOUGH_FILES) {
    const hint = `raise it: ulimit -n ${ENOUGH_FILES}`;
    return report(new UserError(`failed under a limit of ${openFiles} open files: ${messageOf(error)}`, { hint }));
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  process.stderr.write(`${stack}\nThis is a bug in turnbench. Please report it with the command that you ran.\n`);
  return EXIT.bug;
}

/** Node opens the modules of a command all at once. Below this, missing modules and failed starts say nothing of us. */
const ENOUGH_FILES = 256;

/** Where the system tells: Linux. */
function openFileLimit(): number {
  try {
    return Number(
      /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY,
    );
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function entry(name: string, summary: string, load: () => Promise<Command>): Entry {
  return { name, summary, load };
}
