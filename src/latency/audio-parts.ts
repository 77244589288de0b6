/** What it costs to get audio to the model: reading and converting samples, and resampling where rates differ. */

import { resampled } from '../audio/resampled.js';
import type { AudioSource } from '../core/conversation.js';
import { Prng } from '../core/prng.js';
import { LoopedSeconds } from './looped-seconds.js';
import type { Timed } from './measure.js';
import type { TimedPart } from './timing.js';

export interface AudioPart extends TimedPart, Timed {
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param audio at least one second long.
 * @param sampleRateHz what the model hears.
 */
export function audioParts(audio: AudioSource, sampleRateHz: number): readonly AudioPart[] {
  const decode = part('decode', `one second at ${audio.sampleRateHz} Hz, both channels`, audio);
  if (audio.sampleRateHz === sampleRateHz) return [decode];
  const name = `one second, ${audio.sampleRateHz} → ${sampleRateHz} Hz, both channels`;
  return [decode, part('resample', name, resampled(endlessNoise(audio.sampleRateHz), sampleRateHz))];
}

function part(kind: 'decode' | 'resample', name: string, audio: AudioSource): AudioPart {
  const seconds = new LoopedSeconds(audio);
  return {
    kind,
    name,
    audioS: 1,
    prepare: () => seconds.prepare(),
    run: () => seconds.read(),
    close: () => seconds.close(),
  };
}

/** The same second of noise for an hour, from memory: reading it costs next to nothing. */
function endlessNoise(sampleRateHz: number): AudioSource {
  const prng = new Prng(0);
  const second = Float32Array.from({ length: sampleRateHz }, () => prng.between(-0.1, 0.1));
  return {
    sampleRateHz,
    length: 3600 * sampleRateHz,
    open: () => {
      let position = 0;
      return {
        read(into) {
          const count = into[1].length;
          for (let filled = 0; filled < count; ) {
            const piece = second.subarray(position, position + count - filled);
            into[1].set(piece, filled);
            into[2].set(piece, filled);
            filled += piece.length;
            position = (position + piece.length) % second.length;
          }
          return count;
        },
        close: () => undefined,
      };
    },
  };
}
