/** OpenAI Realtime, or a server that speaks like it, as a floor model: its voice activity detection, live. */

import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { addressOf } from '../peers/address.js';
import { openAiRealtime } from '../peers/openai-realtime.js';
import { defineAdapter } from './adapter.js';
import { bearer, liveOptions, openLive } from './live-options.js';

const OFFICIAL_URL = 'wss://api.openai.com/v1/realtime';

export const openAiRealtimeModel = defineAdapter({
  name: 'openai-realtime',
  inputSampleRate: 24_000,
  latency: 'live: the way to the server and back, and what it waits for (server_vad: 0.5 s of silence by default)',
  weights: [],
  options: {
    url: z.string().min(1).default(OFFICIAL_URL).meta({ description: 'where the server is' }),
    model: z.string().min(1).default('gpt-realtime').meta({ description: 'asked for in the query of the URL' }),
    turn_detection: z.enum(['server_vad', 'semantic_vad']).default('server_vad').meta({
      description: 'what decides: silence, or what is said',
    }),
    threshold: z.number().min(0).max(1).optional().meta({ description: 'of server_vad; the server has 0.5' }),
    silence_duration_ms: z.number().int().min(0).max(10_000).optional().meta({
      description: 'silence that ends speech, of server_vad; the server has 500',
      unit: 'ms',
    }),
    prefix_padding_ms: z.number().int().min(0).max(10_000).optional().meta({
      description: 'of server_vad; the server has 300, which moves its own times and no decision',
      unit: 'ms',
    }),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional().meta({
      description: 'of semantic_vad: waits at most 8, 4 or 2 s; auto is medium',
    }),
    ...liveOptions({ conversationsAtOnce: 8, sessionLimitS: 3600, graceS: 5 }),
  },
  load(options) {
    const { turn_detection: type, threshold, silence_duration_ms, prefix_padding_ms, eagerness } = options;
    const ofServerVad = { threshold, silence_duration_ms, prefix_padding_ms };
    const foreign = type === 'semantic_vad' ? namesOf(ofServerVad) : namesOf({ eagerness });
    if (foreign.length > 0) {
      throw new UserError(`${foreign.join(', ')}: ${type} has no such option`, {
        hint: `leave it out, or set turn_detection=${type === 'semantic_vad' ? 'server_vad' : 'semantic_vad'}`,
      });
    }
    const variable = options.key_variable ?? (isOfficial(options.url) ? 'OPENAI_API_KEY' : undefined);
    const address = addressOf(options.url, { model: options.model }, variable);
    const protocol = openAiRealtime({
      url: address.url,
      headers: bearer(address),
      turnDetection: { type, ...(type === 'semantic_vad' ? { eagerness } : ofServerVad) },
    });
    return openLive(protocol, address, options);
  },
});

/** The key of the official service goes to nobody else unless told so. */
function isOfficial(url: string): boolean {
  return URL.canParse(url) && new URL(url).host === new URL(OFFICIAL_URL).host;
}

function namesOf(options: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(options).filter((name) => options[name] !== undefined);
}
