/** What a network is shown of a turn, one kind of window per input, each kept up to date as audio and frames come. */

import type { SeenFrames } from '../../core/model.js';
import { AudioHistory } from '../../dsp/audio-history.js';
import { WHISPER_WINDOW, WhisperFeatures } from '../../dsp/whisper-features.js';
import { Clip } from './clip.js';

export interface TurnWindow {
  /** Forget everything. */
  reset(): void;
  /** The next step of one speaker; read before this returns. */
  push(samples: Float32Array, seen: SeenFrames): void;
  /** `write` will come for this turn: what can be done now need not be done then. */
  prepare(turnStart: number): void;
  /**
   * @param turnStart position of the turn's first sample, counted from the reset
   * @param into the window that ends with what came last
   */
  write(turnStart: number, into: Float32Array): void;
}

/** The windows of the inputs in `forms.ts`, by name. */
export const WINDOWS: Readonly<Record<string, () => TurnWindow>> = {
  input_features: featureWindow,
  audio: sampleWindow,
  pixel_values: clipWindow,
};

/** Whisper features of the last 8 s of the turn, `[80, 800]`; what lies before the turn is silence. */
export function featureWindow(): TurnWindow {
  const audio = new AudioHistory(WHISPER_WINDOW);
  const features = new WhisperFeatures(audio);
  return {
    reset() {
      audio.reset();
      features.reset();
    },
    push: (samples) => audio.push(samples),
    prepare: (turnStart) => features.advance(turnStart),
    write: (turnStart, into) => features.write(turnStart, into),
  };
}

/** The samples themselves, 128 000, zeros before the turn. */
function sampleWindow(): TurnWindow {
  const audio = new AudioHistory(WHISPER_WINDOW);
  return {
    reset: () => audio.reset(),
    push: (samples) => audio.push(samples),
    prepare() {},
    write(turnStart, into) {
      const heard = audio.view(Math.max(turnStart, audio.end - WHISPER_WINDOW), audio.end);
      into.fill(0, 0, WHISPER_WINDOW - heard.length).set(heard, WHISPER_WINDOW - heard.length);
    },
  };
}

/** The newest 32 frames, of whatever turn, `[3, 32, 112, 112]`. */
export function clipWindow(): TurnWindow {
  const clip = new Clip();
  return {
    reset: () => clip.reset(),
    push(_, seen) {
      for (const frame of seen ?? []) clip.push(frame);
    },
    prepare() {},
    write: (_, into) => clip.write(into),
  };
}
