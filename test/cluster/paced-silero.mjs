/** Silero VAD, held back to some twenty times real time, so that there is something to interrupt. */

import { setTimeout as wait } from 'node:timers/promises';
import { loadModel as loadBuiltIn } from '../../dist/index.js';

const STEPS_BETWEEN_WAITS = 50;
const WAIT_MS = 40;

export async function loadModel(options) {
  const silero = await loadBuiltIn('silero-vad', options);
  let steps = 0;
  return {
    inputSampleRate: silero.inputSampleRate,
    reset: () => silero.reset(),
    async step(subject, other) {
      if (++steps % STEPS_BETWEEN_WAITS === 0) await wait(WAIT_MS);
      return silero.step(subject, other);
    },
    close: () => silero.close?.(),
  };
}
