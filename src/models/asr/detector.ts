/** The rows of a streaming recogniser that endpoints: silence detector, online loop and endpointing rule of each. */

import type { Awaitable } from '../../core/awaitable.js';
import type { ChannelDetector } from '../paired.js';
import { EndpointRule, type EndpointSettings } from './endpoint.js';
import { OnlineRecogniser, type RecogniserSettings, type Transcribe } from './recogniser.js';
import type { SilenceDetector } from './silence.js';

export interface AsrSettings {
  readonly recogniser: RecogniserSettings;
  readonly endpoint: EndpointSettings;
}

/** Rows ask at the same time. */
export function asrDetector(
  rows: number,
  settings: AsrSettings,
  silence: SilenceDetector,
  transcribe: Transcribe,
): ChannelDetector {
  const channels = Array.from({ length: rows }, () => ({
    recogniser: new OnlineRecogniser(settings.recogniser, transcribe),
    rule: new EndpointRule(settings.endpoint),
  }));
  const p = new Float64Array(rows);

  function finish(): Float64Array {
    for (const [row, { recogniser, rule }] of channels.entries()) p[row] = rule.step(recogniser.isSettled);
    return p;
  }

  function hear(audio: readonly Float32Array[], speech: readonly (boolean | undefined)[]): Awaitable<Float64Array> {
    const asked = channels.flatMap(({ recogniser, rule }, row) => {
      const heard = recogniser.push(audio[row]!, speech[row]);
      return heard ? [heard.then(({ stable, tentative }) => rule.hear(stable, tentative))] : [];
    });
    return asked.length > 0 ? Promise.all(asked).then(finish) : finish();
  }

  return {
    reset() {
      for (const { recogniser, rule } of channels) {
        recogniser.reset();
        rule.reset();
      }
    },
    step(audio) {
      const speech = silence.step(audio);
      return speech instanceof Promise ? speech.then((known) => hear(audio, known)) : hear(audio, speech);
    },
  };
}
