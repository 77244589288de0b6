import { UserError } from '../core/errors.js';
import { type JsonFault, jsonFault } from './json-fault.js';
import { mayRepeatKeys } from './json-keys.js';
import { readText, withoutMark } from './text.js';

export interface JsonOptions {
  /** How messages name the file. */
  readonly shownAs?: string;
  /** Refuse objects that name a key twice: `JSON.parse` silently takes the last. */
  readonly uniqueKeys?: boolean;
}

/**
 * A JSON file as a value. Strict: no comments, no trailing commas, no NaN.
 * @throws UserError when it cannot be read or is not JSON, as `file:line:column: what is wrong`.
 */
export async function readJson(path: string, options: JsonOptions = {}): Promise<unknown> {
  const shownAs = options.shownAs ?? path;
  return parseJson(await readText(path, shownAs), shownAs, options);
}

/**
 * JSON text as a value.
 * @param file how messages name its origin.
 * @param options.firstLine number of the first line of `text` in that file.
 * @throws UserError when it is not JSON, as `file:line:column: what is wrong`.
 */
export function parseJson(
  text: string,
  file: string,
  options: { readonly uniqueKeys?: boolean; readonly firstLine?: number } = {},
): unknown {
  const json = withoutMark(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const fault = error instanceof SyntaxError ? jsonFault(json) : undefined;
    throw fault ? located(fault) : error;
  }
  const fault = options.uniqueKeys && mayRepeatKeys(json, value) ? jsonFault(json, true) : undefined;
  if (fault) throw located(fault);
  return value;

  function located(fault: JsonFault): UserError {
    const before = json.slice(0, fault.offset).split('\n');
    const line = before.length - 1 + (options.firstLine ?? 1);
    const column = (before.at(-1) ?? '').length + 1;
    return new UserError(`${file}:${line}:${column}: ${fault.message}`, { hint: fault.hint ?? 'mend the JSON there' });
  }
}
