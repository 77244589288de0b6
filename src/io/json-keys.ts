/**
 * Whether a JSON text names a key twice in one object. Then it has more keys than its value, and that is all that is
 * looked at: nothing is copied, so a long file costs no memory. Where the key is, `jsonFault` finds out.
 */

/** Nobody nests deeper on purpose, and the call stack has an end. */
export const DEEPEST = 500;

/**
 * True also where counting cannot say: when it is nested too deeply, or where characters are escaped by number, because
 * V8 13.6 (Node 24) may keep the escaped and the plain spelling of one key as two.
 * @param value of `text`.
 */
export function mayRepeatKeys(text: string, value: unknown): boolean {
  return text.includes('\\u') || writtenKeys(text) !== keptKeys(value, 0);
}

const STRING_OR_COLON = /"(?:[^"\\]|\\.)*"|:/g;

/** Outside of texts a colon stands behind every key and nowhere else. */
function writtenKeys(text: string): number {
  let count = 0;
  STRING_OR_COLON.lastIndex = 0;
  while (STRING_OR_COLON.test(text)) {
    if (text[STRING_OR_COLON.lastIndex - 1] === ':') count++;
  }
  return count;
}

function keptKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEEPEST) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += keptKeys(item, depth + 1);
    return count;
  }
  for (const key in value) count += 1 + keptKeys((value as Record<string, unknown>)[key], depth + 1);
  return count;
}
