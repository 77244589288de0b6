/** A full-duplex speech model behind vLLM-Omni as a floor model: it talks with the subject, and that is observed. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fileFailure } from '../io/failures.js';
import { addressOf } from '../peers/address.js';
import { vllmDuplex } from '../peers/vllm-duplex.js';
import { defineAdapter } from './adapter.js';
import { bearer, liveOptions, openLive } from './live-options.js';

export const vllmDuplexModel = defineAdapter({
  name: 'vllm-duplex',
  inputSampleRate: 16_000,
  latency: 'live: decides once per unit of 1 s, plus the way to the server, inference and the way back',
  weights: [],
  options: {
    url: z.string().min(1).default('ws://127.0.0.1:8099/v1/realtime').meta({ description: 'where the server is' }),
    model: z.string().min(1).optional().meta({ description: 'name of the model, as the server knows it' }),
    ref_audio: z.string().min(1).optional().meta({
      description: 'path of a WAV file with the voice that it speaks with; MiniCPM-o wants one',
    }),
    instructions: z.string().min(1).optional().meta({ description: 'what the model is told before the conversation' }),
    overlap_policy: z.enum(['listen_only', 'barge_in_on_speech']).default('barge_in_on_speech').meta({
      description: 'what speech of the subject does to a response under way',
    }),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .meta({ description: 'of sampling; the server has its own default' }),
    silence_rms: z.number().gt(0).lt(1).default(0.01).meta({
      description: 'the subject is silent below this loudness',
      unit: 'RMS, full scale = 1',
    }),
    silence_s: z.number().min(0).max(5).default(0.2).meta({
      description: 'for at least so long; responses that begin earlier take no floor',
      unit: 's',
    }),
    ...liveOptions({ conversationsAtOnce: 2, sessionLimitS: 3600, graceS: 5 }),
  },
  load(options) {
    const { model, instructions, overlap_policy, temperature, ref_audio: voice } = options;
    const address = addressOf(options.url, { duplex: '1', ...(model && { model }) }, options.key_variable);
    const given = { model, instructions, overlap_policy, temperature, ...(voice && { ref_audio: dataUri(voice) }) };
    const protocol = vllmDuplex({
      url: address.url,
      headers: bearer(address),
      session: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      silence: { rms: options.silence_rms, s: options.silence_s },
    });
    return openLive(protocol, address, options);
  },
});

/** @throws UserError when the file cannot be read. */
function dataUri(path: string): string {
  try {
    return `data:audio/wav;base64,${readFileSync(path).toString('base64')}`;
  } catch (error) {
    throw fileFailure(error, 'read', path);
  }
}
