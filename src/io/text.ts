import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { fileFailure } from './failures.js';

/**
 * A text file as a string, without a byte order mark. It is read in pieces, so that there is never a block of the size
 * of the file beside its text.
 * @param shownAs how messages name the file.
 * @throws UserError when it cannot be read or is no UTF-8.
 */
export async function readText(path: string, shownAs = path): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bytes = new Uint8Array(PIECE_BYTES);
  let text = '';
  try {
    const file = await open(path);
    try {
      for (;;) {
        const { bytesRead } = await file.read(bytes);
        text += decoder.decode(bytes.subarray(0, bytesRead), { stream: bytesRead > 0 });
        if (bytesRead === 0) return text;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === NOT_UTF8) throw notUtf8(shownAs);
    if (error instanceof RangeError) throw new UserError(`cannot read ${shownAs}: it is too large to be read as text`);
    throw fileFailure(error, 'read', shownAs);
  }
}

const PIECE_BYTES = 1 << 16;
const NOT_UTF8 = 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** @throws UserError when the file cannot be read. */
export async function readBytes(path: string, shownAs = path): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileFailure(error, 'read', shownAs);
  }
}

/** @throws UserError when the bytes are no UTF-8. */
export function decodeText(bytes: Buffer, shownAs: string): string {
  if (!isUtf8(bytes)) throw notUtf8(shownAs);
  return withoutMark(bytes.toString('utf8'));
}

/** Editors on Windows like to begin a file with U+FEFF, which no format here knows. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function notUtf8(shownAs: string): UserError {
  return new UserError(`${shownAs}: not UTF-8 text`, { hint: 'save it with the encoding UTF-8' });
}
