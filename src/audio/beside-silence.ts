/** One voice as a conversation: the file is speaker 1, speaker 2 is silent. */

import type { AudioSource } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { ChannelReader } from './audio-file.js';
import type { FileSource } from './byte-file.js';
import { openAudioFile } from './open.js';

/**
 * A mono file, or a stereo one as the mean of its channels.
 * @throws UserError on an unreadable header or more than two channels.
 */
export async function openBesideSilence(source: FileSource): Promise<AudioSource> {
  const file = openAudioFile(source);
  const { sampleRateHz, length, channels } = file;
  if (channels > 2) throw new UserError(`${file.path}: the file has ${channels} channels; mono or stereo is needed`);
  return {
    sampleRateHz,
    length,
    open: async () => {
      const reader = await file.open();
      const readVoice = channels === 1 ? (voice: Float32Array) => reader.read([voice]) : meanReader(reader);
      return {
        read: (into) => {
          into[2].fill(0);
          return readVoice(into[1]);
        },
        close: () => reader.close(),
      };
    },
  };
}

function meanReader(reader: ChannelReader) {
  let second = new Float32Array();
  return (voice: Float32Array) => {
    if (second.length !== voice.length) second = new Float32Array(voice.length);
    const count = reader.read([voice, second]);
    return typeof count === 'number' ? mean(count) : count.then(mean);

    function mean(samples: number): number {
      for (let i = 0; i < samples; i++) voice[i] = (voice[i]! + second[i]!) / 2;
      return samples;
    }
  };
}
