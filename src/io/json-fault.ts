/**
 * Where a text stops being JSON (RFC 8259). `JSON.parse` decides whether it is JSON, but what it says about the place
 * differs between versions of the engine and is often missing; this walk finds the place and names it in the same
 * words everywhere. It can also find keys that are named twice in one object, which `JSON.parse` accepts.
 */

import { DEEPEST } from './json-keys.js';

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

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const WORD = /[A-Za-z_$][\w$]*/y;
const SPACE = /[ \t\n\r]*/y;

/** Every `skip…` takes the offset where its part begins and returns the one behind it. */
function skipValue(walk: Walk, at: number, depth: number): number {
  const { text } = walk;
  if (depth > DEEPEST) fail(at, `nested deeper than ${DEEPEST} levels`);
  const first = text[at];
  if (first === '{') return skipObject(walk, at, depth);
  if (first === '[') return skipArray(walk, at, depth);
  if (first === '"') return skipString(text, at);
  const number = matchAt(NUMBER, text, at);
  if (number !== undefined) return at + number.length;
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
  const keys = new Set<string>();
  let at = skipSpace(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') fail(at, `expected a key in double quotes, found ${found(text, at)}`);
    const end = skipString(text, at);
    const key: string = JSON.parse(text.slice(at, end));
    if (walk.uniqueKeys && keys.has(key)) fail(at, `the key '${key}' is here a second time`, 'keep one of the two');
    keys.add(key);
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

function skipString(text: string, at: number): number {
  const string = matchAt(STRING, text, at);
  return string === undefined
    ? fail(at, 'this text has no end, a line break inside or a wrong escape')
    : at + string.length;
}

function skipSpace(text: string, at: number): number {
  return at + (matchAt(SPACE, text, at) ?? '').length;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
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
