/** The full check of a data set: everything that opening it checks, and every sample decoded. */

import type { AudioSource, Conversation } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { type DirectoryReading, readDirectory } from './directory.js';
import { attempt, type Findings } from './findings.js';

/** Samples per channel decoded at a time. */
const BLOCK = 1 << 15;

export interface Verification extends Findings {
  readonly info: DirectoryReading['info'];
  readonly conversations: readonly Conversation[];
}

/**
 * Check what was read of a data set completely. Takes as long as decoding all its audio.
 * @param onConversation called after each conversation, with its id.
 */
export async function verifyReading(
  { path, info, conversations, problems, warnings }: DirectoryReading,
  onConversation?: (id: string) => void,
): Promise<Verification> {
  const verification = { info, conversations, problems: [...problems], warnings: [...warnings] };
  for (const { id, audio } of conversations) {
    if (audio) await attempt(verification, path, () => decode(id, audio));
    onConversation?.(id);
  }
  return verification;
}

/** @throws UserError only when there is no such folder. */
export async function verifyDirectory(folder: string, onConversation?: (id: string) => void): Promise<Verification> {
  return verifyReading(await readDirectory(folder), onConversation);
}

async function decode(id: string, audio: AudioSource): Promise<void> {
  const reader = await audio.open();
  try {
    const block = { 1: new Float32Array(BLOCK), 2: new Float32Array(BLOCK) };
    let samples = 0;
    for (let read = -1; read !== 0; samples += read) read = await reader.read(block);
    if (samples !== audio.length) {
      throw new UserError(`${id}: the audio has ${samples} samples, but its header promises ${audio.length}`, {
        hint: 'the file is damaged or was cut off: copy or encode it again',
      });
    }
  } finally {
    await reader.close();
  }
}
