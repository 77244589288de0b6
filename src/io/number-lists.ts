/**
 * JSON files that are mostly long lists of numbers, such as probabilities per frame, without ever holding their text: a
 * file of any size is read in pieces, each list of numbers becomes a `Float64Array` as soon as it is whole, and only what
 * is left of the text is parsed at the end. What memory takes is the numbers, eight bytes each.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { readJson } from './json.js';

/**
 * A JSON file as a value. Lists of nothing but numbers are `Float64Array`s, others are arrays; the numbers are those that
 * `JSON.parse` gives.
 * @throws UserError as `readJson`, which is asked for whatever is unusual about a file, such as what is wrong with it.
 */
export async function readJsonNumbers(path: string): Promise<unknown> {
  const file = await open(path).catch(() => null);
  // Whoever cannot be opened here is told so there.
  if (!file) return readJson(path);
  try {
    return await parsePieces(file);
  } catch {
    return readJson(path);
  } finally {
    await file.close();
  }
}

const PIECE_BYTES = 1 << 21;

/** What a list is replaced by, with its number. No JSON text holds this character as it is. */
const MARK = '\u0000';

async function parsePieces(file: FileHandle): Promise<unknown> {
  const lists: Float64Array[] = [];
  /** The text around the lists. */
  const rest: string[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = Buffer.alloc(PIECE_BYTES);
  const scan = new Scan();
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
    if (bytesRead === 0) break;
    scan.add(piece.subarray(0, bytesRead));
    for (let part = scan.next(); part; part = scan.next()) {
      rest.push(decoder.decode(part.before, { stream: true }));
      if (part.list) rest.push(`"\\u0000${lists.push(part.list) - 1}"`);
    }
  }
  rest.push(decoder.decode(scan.remainder()));
  const text = rest.join('');
  if (text.split('\\u0000').length - 1 > lists.length) throw new Error('the file uses the mark itself');
  return JSON.parse(text, (_, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? lists[Number(value.slice(1))] : value,
  );
}

interface Part {
  readonly before: Uint8Array;
  readonly list: Float64Array | null;
}

const [QUOTE, ESCAPE, OPEN, CLOSE, MINUS, ZERO, NINE] = Buffer.from('"\\[]-09') as unknown as readonly number[];

/** Walks through the bytes as they come, from list of numbers to list of numbers. */
class Scan {
  /** What was not handed out yet. */
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #inString = false;

  add(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
  }

  /**
   * @returns null when more bytes are needed.
   * @throws SyntaxError on a list that is none.
   */
  next(): Part | null {
    const bytes = this.#bytes;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at];
      if (this.#inString) {
        if (byte === ESCAPE) this.#at++;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN) {
        const first = firstBehindSpace(bytes, this.#at + 1);
        if (first === bytes.length) return this.#take(this.#at, null);
        if (!beginsNumber(bytes[first]!)) continue;
        const end = bytes.indexOf(CLOSE!, first) + 1;
        if (end === 0) return this.#take(this.#at, null);
        const list = JSON.parse(bytes.toString('latin1', this.#at, end)) as unknown[];
        if (!list.every((item) => typeof item === 'number')) throw new SyntaxError('not a list of numbers');
        return this.#take(this.#at, Float64Array.from(list as number[]), end);
      }
    }
    return this.#take(bytes.length, null);
  }

  remainder(): Uint8Array {
    return this.#bytes;
  }

  /** Hand out the bytes up to `to`, and go on at `from`. Null when there is nothing to hand out. */
  #take(to: number, list: Float64Array | null, from = to): Part | null {
    const before = this.#bytes.subarray(0, to);
    this.#bytes = this.#bytes.subarray(from);
    // One behind the end when the next piece begins with an escaped character.
    this.#at = list ? 0 : this.#at - to;
    return before.length === 0 && !list ? null : { before, list };
  }
}

function firstBehindSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at]! <= 0x20) at++;
  return at;
}

function beginsNumber(byte: number): boolean {
  return byte === MINUS || (byte >= ZERO! && byte <= NINE!);
}
