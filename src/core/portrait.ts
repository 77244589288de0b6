/** A conversation as a report shows it. */

import type { Gold } from './gold.js';
import type { PerSpeaker } from './speaker.js';

export interface Portrait {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** s. */
  readonly durationS: number;
  /** Absent when the data set has no annotations. */
  readonly gold?: Gold;
  /** Loudness, one value per step of 20 ms, see `peakByte`. Absent when there is no audio. */
  readonly peaks?: PerSpeaker<Uint8Array>;
  /** What can be played: addresses of one stereo file, or of one file per speaker. Absent unless it was asked for. */
  readonly audio?: readonly string[];
}

/** The largest magnitude of a step in a byte. The root gives quiet speech as many values as loud speech. */
export function peakByte(magnitude: number): number {
  return Math.round(255 * Math.sqrt(Math.min(1, magnitude)));
}

/** In [0, 1]. */
export function magnitudeOf(peak: number): number {
  return (peak / 255) ** 2;
}
