/** An EchoStream speech translator as a floor model: when is its answer heard? */

import { z } from 'zod';
import { addressOf } from '../peers/address.js';
import { echoStream } from '../peers/echostream.js';
import { defineAdapter } from './adapter.js';
import { bearer, liveOptions, openLive } from './live-options.js';

export const echoStreamModel = defineAdapter({
  name: 'echostream',
  inputSampleRate: 16_000,
  latency: 'live: silence_s until the utterance counts as over, then translation and the way there and back',
  weights: [],
  options: {
    url: z.string().min(1).default('ws://127.0.0.1:8000/ws').meta({ description: 'where the server is' }),
    speech_rms: z.number().gt(0).lt(1).default(0.01).meta({
      description: 'an utterance begins above this loudness',
      unit: 'RMS, full scale = 1',
    }),
    silence_s: z.number().min(0).max(10).default(0.5).meta({
      description: 'silence after which an utterance is over',
      unit: 's',
    }),
    ...liveOptions({ conversationsAtOnce: 4, sessionLimitS: 86_400, graceS: 10 }),
  },
  load(options) {
    const address = addressOf(options.url, {}, options.key_variable);
    const protocol = echoStream({
      url: address.url,
      headers: bearer(address),
      segment: { rms: options.speech_rms, silenceS: options.silence_s },
    });
    return openLive(protocol, address, options);
  },
});
