/** A WhisperLiveKit server as a floor model: its own stable words, over its WebSocket, in real time. */

import { z } from 'zod';
import { addressOf } from '../peers/address.js';
import { defineAdapter } from './adapter.js';
import { ENDPOINT_OPTIONS, endpointSettings } from './asr/endpoint-options.js';
import { whisperLiveKit } from './asr/whisperlivekit.js';
import { bearer, liveOptions, openLive } from './live-options.js';

export const whisperLiveKitModel = defineAdapter({
  name: 'whisperlivekit',
  inputSampleRate: 16_000,
  latency: 'live: the server decides when words are stable; silence_ms later the floor is given back',
  weights: [],
  options: {
    url: z.string().min(1).default('ws://127.0.0.1:8000/asr').meta({ description: 'where the server is' }),
    language: z.string().min(1).optional().meta({ description: 'language to tell the server, such as en' }),
    mode: z.enum(['full', 'diff']).default('full').meta({
      description: 'how it tells what was said: all of it every time, or only what has changed',
    }),
    ...ENDPOINT_OPTIONS,
    ...liveOptions({ conversationsAtOnce: 1, sessionLimitS: 86_400, graceS: 10 }),
  },
  load(options) {
    const { language, mode } = options;
    const address = addressOf(options.url, { mode, ...(language && { language }) }, options.key_variable);
    const endpoint = endpointSettings(options);
    return openLive(whisperLiveKit({ url: address.url, headers: bearer(address), endpoint }), address, options);
  },
});
