import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { EXIT, UserError } from '../core/errors.js';
import { MODELS } from '../models/catalogue.js';
import { mimiFolder } from '../models/mimi/folder.js';
import type { FetchOptions } from '../models/published.js';
import { parseSmartTurn, SMART_TURN_FAMILIES } from '../models/smart-turn/published.js';
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
const SMART_TURNS = SMART_TURN_FAMILIES.map(({ model }) => model);

export function pullCommand(): Command {
  const command = new Command('pull')
    .description('download the published weights of a model, or what is missing of them')
    .argument('<name>', `model: ${NAME}, ${SMART_TURNS.join(', ')}; also smart-turn-v3@3.1-gpu and the like`);
  return withExamples(
    withOutputFlags(command),
    `turnbench models pull ${NAME}`,
    'turnbench models pull smart-turn-v3@3.2-cpu',
    'turnbench models pull smart-turn-multimodal-gpu',
  ).action(pull);
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
  const say = flags.quiet ? () => {} : (text: string) => process.stderr.write(text);
  const options: Omit<FetchOptions, 'folder'> = {
    onFile({ title, file }, { repository, bytes, licence }, state) {
      const size = `${(bytes / 1e6).toFixed(0)} MB`;
      say(`${title}: ${file} from ${repository}, ${size}, licence ${licence ?? 'not stated'}, ${state}\n`);
    },
    onProgress: (bytes, total) => process.stderr.isTTY && say(`\r${Math.floor((100 * bytes) / total)} %\r`),
  };
  const { paths, next } = await interruptible((signal) => pullModel(name, { ...options, signal }));
  if (flags.json) printJson({ files: paths });
  else say(`next: turnbench ${next}\n`);
}

/** @returns paths of the files, and the command that follows. */
async function pullModel(
  name: string,
  options: Omit<FetchOptions, 'folder'>,
): Promise<{ paths: string[]; next: string }> {
  if (name === NAME) {
    const { pullMimiEndpointer } = await import('../models/mimi/pull.js');
    const paths = await pullMimiEndpointer({ ...options, folder: mimiFolder() });
    return { paths, next: `models build ${NAME}` };
  }
  if (SMART_TURNS.some((model) => name.startsWith(model))) {
    const { pullSmartTurn } = await import('../models/smart-turn/pull.js');
    const network = parseSmartTurn(name);
    const { family, version } = network;
    const option = version === family.defaultVersion ? '' : ` -o version=${version}`;
    return { paths: [await pullSmartTurn(network, options)], next: `eval -m ${family.model}${option}` };
  }
  // Unknown names end here, with a suggestion.
  MODELS.get(name);
  throw new UserError(`${name} has nothing to download`, { hint: `${[NAME, ...SMART_TURNS].join(', ')} have` });
}

async function build(name: string, flags: BuildFlags): Promise<void> {
  if (name !== NAME) {
    MODELS.get(name);
    throw new UserError(`${name} has nothing to build`, { hint: `only ${NAME} has` });
  }
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
