import { throwIfProblems } from '../core/errors.js';
import type { ModelOptions } from '../core/model.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Model options as typed on the command line: `['threshold=0.6', 'model=other.onnx', 'verbose=true']`. Decimal numbers
 * and true/false become numbers and booleans, everything after the first `=` is the value. Environment variables of a
 * model in another process (`env.NAME=0.10`) stay as they were typed.
 * @throws UserError when an item has no `=` or no key, or when a key is given twice.
 */
export function parseOptions(items: readonly string[]): ModelOptions {
  const options = new Map<string, string | number | boolean>();
  const problems: string[] = [];
  for (const item of items) {
    const at = item.indexOf('=');
    const key = item.slice(0, Math.max(at, 0)).trim();
    if (key === '') problems.push(`'${item}' is not of the form key=value`);
    else if (options.has(key)) problems.push(`'${key}' is given more than once`);
    else options.set(key, key.startsWith('env.') ? item.slice(at + 1) : parseValue(item.slice(at + 1).trim()));
  }
  throwIfProblems('model options', problems, "write -o key=value, once per option, e.g. '-o threshold=0.6'");
  return Object.fromEntries(options);
}

function parseValue(text: string): string | number | boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return NUMBER.test(text) ? Number(text) : text;
}
