/**
 * Where a text stops being JSON (RFC 8259). `JSON.parse` decides whether it is JSON, but what it says about the place
 * differs between versions of the engine and is often missing; this walk finds the place and names it in the same
 * words everywhere. It can also find keys that are named twice in one object, which `JSON.parse` accepts.
 */

export interface JsonFault {
  /** UTF-16 code units from the start. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** The first fault of a text, or nothing when it is JSON. */
export function jsonFault(text: string, uniqueKeys = false): JsonFault | undefined {
  try {
    const end = skipValue({ text, uniqueKeys }, skipSpace(text, 0), 0);
    const rest = skipSpace(text, end);
    if (rest < text.length) fail(rest, `expected the end of the file, found ${found(text, rest)}`);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

interface Walk {
  readonly text: string;
  readonly uniqueKeys: boolean;
}

/** Nobody nests deeper on purpose, and the call stack has an end. */
const DEEPEST = 500;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** What stands for itself in a string: everything from the space on but quote and backslash. */
const LETTERS = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /[A-Za-z_$][\w$]*/y;

/** Every `skip…` takes the offset where its part begins and returns the one behind it. */
function skipValue(walk: Walk, at: number, depth: number): number {
  const { text } = walk;
  if (depth > DEEPEST) fail(at, `nested deeper than ${DEEPEST} levels`);
  const first = text[at];
  if (first === '{') return skipObject(walk, at, depth);
  if (first === '[') return skipArray(walk, at, depth);
  if (first === '"') return skipString(text, at);
  const end = endOf(NUMBER, text, at);
  if (end !== undefined) return end;
  const word = matchAt(WORD, text, first === '-' ? at + 1 : at);
  if (word === 'true' || word === 'false' || word === 'null') return at + word.length;
  if (word !== undefined && /^(nan|inf|infinity)$/i.test(word)) {
    fail(
      at,
      `${first === '-' ? '-' : ''}${word} is not JSON`,
      'JSON has no NaN and no infinity: write null or mend the number',
    );
  }
  return fail(at, `expected a value, found ${found(text, at)}`);
}

function skipObject(walk: Walk, start: number, depth: number): number {
  const { text } = walk;
  const keys = walk.uniqueKeys ? new Set<string>() : undefined;
  let at = skipSpace(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') fail(at, `expected a key in double quotes, found ${found(text, at)}`);
    const end = skipString(text, at);
    if (keys) addKey(keys, text, at, end);
    at = skipSpace(text, end);
    if (text[at] !== ':') fail(at, `expected ':' after the key, found ${found(text, at)}`);
    at = skipSpace(text, skipValue(walk, skipSpace(text, at + 1), depth + 1));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') fail(at, `expected ',' or '}', found ${found(text, at)}`);
    at = skipSpace(text, at + 1);
  }
}

function skipArray(walk: Walk, start: number, depth: number): number {
  const { text } = walk;
  let at = skipSpace(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = skipSpace(text, skipValue(walk, at, depth + 1));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') fail(at, `expected ',' or ']', found ${found(text, at)}`);
    at = skipSpace(text, at + 1);
  }
}

function skipString(text: string, start: number): number {
  for (let at: number | undefined = start + 1; at !== undefined; at = endOf(ESCAPE, text, at)) {
    at = endOf(LETTERS, text, at) ?? at;
    if (text[at] === '"') return at + 1;
  }
  return fail(start, 'this text has no end, a line break inside or a wrong escape');
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  return at;
}

/** @throws Fault when the object has the key between these offsets already. */
function addKey(keys: Set<string>, text: string, start: number, end: number): void {
  const written = text.slice(start + 1, end - 1);
  const key: string = written.includes('\\') ? JSON.parse(`"${written}"`) : written;
  if (keys.has(key)) fail(start, `the key '${key}' is here a second time`, 'keep one of the two');
  keys.add(key);
}

/** Where a match that begins at `at` ends. Tested and not executed: a match array per number would be garbage. */
function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  const end = endOf(pattern, text, at);
  return end === undefined ? undefined : text.slice(at, end);
}

function found(text: string, at: number): string {
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return `'${word.slice(0, 20)}'`;
  return at < text.length ? `'${String.fromCodePoint(text.codePointAt(at) ?? 0)}'` : 'the end of the file';
}

/** Carries a fault out of the walk; never leaves this file. */
class Fault extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

function fail(offset: number, message: string, hint?: string): never {
  throw new Fault(hint === undefined ? { offset, message } : { offset, message, hint });
}
