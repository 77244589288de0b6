import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { EXIT, UserError } from '../core/errors.js';
import { MODELS } from '../models/catalogue.js';
import { mimiFolder } from '../models/mimi/folder.js';
import { interruptible } from './interrupt.js';
import { printJson, withExamples, withOutputFlags } from './options.js';

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface BuildFlags extends Flags {
  readonly mimi?: string;
  readonly checkpoint?: string;
  readonly out?: string;
}

const NAME = 'mimi-endpointer';

export function pullCommand(): Command {
  const command = new Command('pull')
    .description('download the published weights of a model, or what is missing of them')
    .argument('<name>', `model: ${NAME}`);
  return withExamples(withOutputFlags(command), `turnbench models pull ${NAME}`).action(pull);
}

export function buildCommand(): Command {
  const command = new Command('build')
    .description('make the networks of a model from published checkpoints')
    .argument('<name>', `model: ${NAME}`)
    .addOption(new Option('--mimi <file>', 'the codec: safetensors of the moshi release or of transformers'))
    .addOption(new Option('--checkpoint <file>', 'the endpointer: a PyTorch checkpoint'))
    .addOption(new Option('--out <folder>', 'where the networks go (default: beside the downloaded files)'));
  const own = `turnbench models build ${NAME} --mimi model.safetensors --checkpoint best.pt --out ./networks`;
  return withExamples(withOutputFlags(command), `turnbench models build ${NAME}`, own).action(build);
}

async function pull(name: string, flags: Flags): Promise<void> {
  requireKnown(name, 'download');
  const { PUBLISHED, pullMimiEndpointer, sourcePath } = await import('../models/mimi/pull.js');
  const folder = mimiFolder();
  const say = flags.quiet ? () => {} : (text: string) => process.stderr.write(text);
  await interruptible((signal) =>
    pullMimiEndpointer({
      folder,
      signal,
      onSource({ title }, { repository, file, bytes, licence }, state) {
        const size = `${(bytes / 1e6).toFixed(0)} MB`;
        say(`${title}: ${file} from ${repository}, ${size}, licence ${licence ?? 'not stated'}, ${state}\n`);
      },
      onProgress: (_, bytes, total) => process.stderr.isTTY && say(`\r${Math.floor((100 * bytes) / total)} %\r`),
    }),
  );
  if (flags.json) printJson({ files: PUBLISHED.map(({ role }) => ({ role, path: sourcePath(folder, role) })) });
  else say(`next: turnbench models build ${NAME}\n`);
}

async function build(name: string, flags: BuildFlags): Promise<void> {
  requireKnown(name, 'build');
  const { sourcePath } = await import('../models/mimi/pull.js');
  const { buildMimiEndpointer } = await import('../models/mimi/build.js');
  const folder = flags.out ?? mimiFolder();
  const mimi = flags.mimi ?? downloaded(sourcePath(mimiFolder(), 'mimi'), '--mimi');
  const checkpoint = flags.checkpoint ?? downloaded(sourcePath(mimiFolder(), 'checkpoint'), '--checkpoint');
  const manifest = await buildMimiEndpointer({
    ...{ mimi, checkpoint, folder },
    onFile: (file, bytes) =>
      flags.quiet || process.stderr.write(`${join(folder, file)}, ${(bytes / 1e6).toFixed(1)} MB\n`),
  });
  if (flags.json) return printJson(manifest);
  const option = flags.out === undefined ? '' : ` -o model=${flags.out}`;
  process.stdout.write(`built; run: turnbench eval -m ${NAME}${option}\n`);
}

function downloaded(path: string, flag: string): string {
  if (existsSync(path)) return path;
  throw new UserError(`${path} is not there`, {
    hint: `run 'turnbench models pull ${NAME}' first, or name your own file with ${flag}`,
    exitCode: EXIT.prerequisite,
  });
}

function requireKnown(name: string, what: string): void {
  if (name === NAME) return;
  // Unknown names end here, with a suggestion.
  MODELS.get(name);
  throw new UserError(`${name} has nothing to ${what}`, { hint: `only ${NAME} has` });
}
