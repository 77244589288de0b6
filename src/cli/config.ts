/**
 * `turnbench.config.json` or `.yaml`: defaults for flags, under the long name of the flag. Precedence: flag, then
 * `TURNBENCH_*` variable, then this file, then the built-in default.
 *
 *   { "dataset": "./calls", "model": ["silero-vad"], "out": "runs" }
 */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { messageOf, UserError } from '../core/errors.js';
import { nearest } from '../core/registry.js';

const NAMES = ['turnbench.config.json', 'turnbench.config.yaml', 'turnbench.config.yml'];

/**
 * Fill in what neither flag nor variable set. A key that no command knows is an error; one that only other commands
 * know is skipped.
 * @param loadAll every command, for the names of their flags.
 */
export async function applyConfig(command: Command, loadAll: () => Promise<readonly Command[]>): Promise<void> {
  const path = NAMES.map((name) => resolve(name)).find((candidate) => existsSync(candidate));
  if (path === undefined) return;
  const known = new Set((await loadAll()).flatMap(flagNames));
  for (const [key, value] of Object.entries(await readConfig(path))) {
    const name = key.replaceAll('_', '-');
    if (!known.has(name)) {
      const near = nearest(name, [...known]);
      throw new UserError(`${path}: unknown key '${key}'${near ? `: did you mean '${near}'?` : ''}`, {
        hint: `keys are the long names of flags: ${[...known].sort().join(', ')}`,
      });
    }
    const option = command.options.find((candidate) => candidate.long === `--${name}`);
    if (option) applyOption(command, option, value, path);
  }
}

function applyOption(command: Command, option: Option, value: unknown, path: string): void {
  const attribute = option.attributeName();
  const source = command.getOptionValueSource(attribute);
  if (source === 'cli' || source === 'env') return;
  command.setOptionValueWithSource(attribute, parsed(option, value, path), 'config');
}

/** The value as the flag would have given it; a list is the flag given once per item. */
function parsed(option: Option, value: unknown, path: string): unknown {
  const name = `${path}: '${option.long?.slice(2)}'`;
  const isSwitch = !option.required && !option.optional;
  if (typeof value === 'boolean' && !option.required) return value;
  const values = Array.isArray(value) ? value : [value];
  if (isSwitch) throw new UserError(`${name} must be true or false.`);
  if (!values.every((item) => typeof item === 'string' || typeof item === 'number')) {
    throw new UserError(`${name} must be a text or a number, or a list of them.`);
  }
  const parse = option.parseArg ?? ((item: string) => item);
  try {
    return values.reduce<unknown>((previous, item) => parse(String(item), previous), undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UserError(`${name} ${error.message}`);
  }
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    // YAML is a superset of JSON.
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${messageOf(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError(`${path}: expected an object of flag names and values`);
  }
  return value as Record<string, unknown>;
}

/** Long names of the flags of a command and of those below it. */
function flagNames(command: Command): string[] {
  const names = command.options.map((option) => option.long?.slice(2) ?? '');
  return [...names, ...command.commands.flatMap(flagNames)].filter((name) => name !== '' && !name.startsWith('no-'));
}
