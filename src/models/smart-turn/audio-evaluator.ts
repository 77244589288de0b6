/** Scores a turn by its audio alone: the last 8 s of it, what lies before the turn being silence. */

import { AudioHistory } from '../../dsp/audio-history.js';
import { WHISPER_WINDOW, WhisperFeatures } from '../../dsp/whisper-features.js';
import type { TurnEvaluator } from './detector.js';
import type { TurnNetwork } from './network.js';

/** Puts the window of a turn into the input of a network. */
export interface TurnWindow {
  reset(): void;
  push(samples: Float32Array): void;
  prepare(turnStart: number): void;
  /** @param into the window that ends with the newest sample */
  write(turnStart: number, into: Float32Array): void;
}

export function audioEvaluator(network: TurnNetwork, rows: number): TurnEvaluator {
  const makeWindow = network.input === 'audio' ? sampleWindow : featureWindow;
  const windows = Array.from({ length: rows }, makeWindow);
  return {
    reset() {
      for (const window of windows) window.reset();
    },
    push(channels) {
      for (const [row, window] of windows.entries()) window.push(channels[row]!);
    },
    prepare: (row, turnStart) => windows[row]!.prepare(turnStart),
    evaluate(row, turnStart) {
      windows[row]!.write(turnStart, network.numbers);
      return network.evaluate();
    },
  };
}

/** Whisper features, `[80, 800]`. */
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
