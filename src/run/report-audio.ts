/** How a report page gets at the audio of a conversation: embedded, smaller than it was, or by the files' addresses. */

import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { encodeWav16 } from '../audio/encode.js';
import { resampled } from '../audio/resampled.js';
import { toBase64 } from '../core/base64.js';
import type { Conversation } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { recogniseFiles } from '../dataset/layout.js';
import { fileFailure } from '../io/failures.js';

/** Hz. Good enough to hear what was said, and a sixth of the usual size. */
const EMBEDDED_RATE_HZ = 8000;
/** Beyond this a browser takes long to open the page. */
const MOST_EMBEDDED_S = 3 * 3600;

/** @throws UserError when the conversations together are too long for one page. */
export function requireEmbeddable(totalS: number): void {
  if (totalS <= MOST_EMBEDDED_S) return;
  throw new UserError(`${(totalS / 3600).toFixed(1)} h of audio are too long to be embedded in one page`, {
    hint: `at most ${MOST_EMBEDDED_S / 3600} h: use --audio link, or make a run of fewer conversations`,
  });
}

/** A data address of a stereo file: each speaker on one side. */
export async function embeddedAudio({ audio }: Conversation): Promise<readonly string[]> {
  if (!audio) return [];
  const source = resampled(audio, EMBEDDED_RATE_HZ);
  const both = { 1: new Float32Array(source.length), 2: new Float32Array(source.length) };
  const reader = await source.open();
  try {
    for (let at = 0; at < source.length; ) {
      const count = await reader.read({ 1: both[1].subarray(at), 2: both[2].subarray(at) });
      if (count === 0) break;
      at += count;
    }
  } finally {
    await reader.close();
  }
  const bytes = encodeWav16({ sampleRateHz: EMBEDDED_RATE_HZ, channels: [both[1], both[2]] });
  return [`data:audio/wav;base64,${toBase64(bytes)}`];
}

/**
 * Addresses relative to the page.
 * @param dataset folder of the data set.
 * @param pageFolder where the page will lie.
 */
export async function linkedAudio(dataset: string, pageFolder: string, id: string): Promise<readonly string[]> {
  const folder = join(dataset, id);
  const names = await readdir(folder).catch((error) => {
    throw fileFailure(error, 'read', folder);
  });
  const { audio } = recogniseFiles(names);
  if (!audio) return [];
  const files = audio.kind === 'stereo' ? [audio.file] : [audio.files[1], audio.files[2]];
  return files.map((file) => {
    const parts = relative(pageFolder, join(folder, file)).split(sep);
    return parts.map(encodeURIComponent).join('/');
  });
}
