/** `exec:./my-binary --flag`: any program that speaks the protocol on its standard input and output. */

import { basename, resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { DiscriminativeModel, ModelOptions } from '../../core/model.js';
import { sha256File, sha256Text } from '../../io/hash.js';
import { bridgeModel } from './model.js';
import { processOptions, programAt, statOf } from './settings.js';

/**
 * @param command a file, or a program and its arguments, separated by spaces.
 * @param from folder in which it runs, and against which paths are resolved.
 * @throws UserError when it is no program (exit 5 when it is missing), and as `bridgeModel`.
 */
export async function loadExecModel(
  command: string,
  options: ModelOptions,
  from: string,
  { sweep = false }: { readonly sweep?: boolean | undefined },
): Promise<DiscriminativeModel> {
  const [program = '', ...args] = commandWords(command, from);
  const name = `model program ${basename(program)}`;
  const { folder, environment, loadDeadlineS, ownOptions } = processOptions(name, options, from);
  return bridgeModel({
    name,
    program: programAt(program, from),
    args,
    folder,
    environment,
    channel: 'standard',
    missingHint: 'write exec:./program for a file, exec:program for one on PATH',
    hello: { options: ownOptions, sweep },
    loadDeadlineS,
  });
}

/** SHA-256 of the files that a command names, of all of them together when there are several; null when of none. */
export async function execCodeSha256(command: string, from: string): Promise<string | null> {
  const files = commandWords(command, from)
    .map((word) => resolve(from, word))
    .filter((path) => statOf(path)?.isFile());
  const hashes: string[] = [];
  for (const file of files) hashes.push(await sha256File(file));
  return hashes.length > 1 ? sha256Text(hashes.join('\n')) : (hashes[0] ?? null);
}

/** The file that a command is, or its program and arguments. @throws UserError when it is empty. */
export function commandWords(command: string, from: string): string[] {
  if (statOf(resolve(from, command))?.isFile()) return [command];
  const words = command.split(/\s+/).filter((word) => word !== '');
  if (words.length > 0) return words;
  throw new UserError('exec: names no program', { hint: 'write exec:./my-program, with arguments if it has any' });
}
