import type { AudioReader, AudioSource } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { namedBelow } from './findings.js';

/**
 * The same audio; what fails while it is read names its file below the data set, as all other findings do, so that
 * the record of a failure is the same on every machine.
 */
export function namedAudio(audio: AudioSource, root: string): AudioSource {
  return { ...audio, open: async () => namedReader(await named(root, async () => audio.open()), root) };
}

/** Readers that answer without a promise still do. */
function namedReader(reader: AudioReader, root: string): AudioReader {
  return {
    read: (into) => {
      try {
        const count = reader.read(into);
        return typeof count === 'number' ? count : named(root, () => count);
      } catch (error) {
        throw renamed(error, root);
      }
    },
    close: () => reader.close(),
  };
}

async function named<T>(root: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw renamed(error, root);
  }
}

function renamed(error: unknown, root: string): unknown {
  return error instanceof UserError ? namedBelow(root, error) : error;
}
