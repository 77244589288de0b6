import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { fileFailure } from './failures.js';

/**
 * A text file as a string, without a byte order mark.
 * @param shownAs how messages name the file.
 * @throws UserError when it cannot be read or is no UTF-8.
 */
export async function readText(path: string, shownAs = path): Promise<string> {
  return decodeText(await readBytes(path, shownAs), shownAs);
}

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
  if (!isUtf8(bytes)) throw new UserError(`${shownAs}: not UTF-8 text`, { hint: 'save it with the encoding UTF-8' });
  return withoutMark(bytes.toString('utf8'));
}

/** Editors on Windows like to begin a file with U+FEFF, which no format here knows. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
