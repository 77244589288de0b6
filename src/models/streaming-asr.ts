/**
 * A streaming recogniser as a floor model: its stable words take the floor, and their absence gives it back.
 *
 * The recogniser is a server or a program that transcribes whole pieces of audio. It is asked about the newest seconds of a channel
 * again and again; LocalAgreement makes stable words of its answers, an endpointing rule makes the floor of the words.
 * Both live in audio time: what is heard about audio up to T is there at T, and how long the server computed counts
 * only where steps are timed (`eval --realtime`).
 */

import { z } from 'zod';
import { UserError } from '../core/errors.js';
import type { DiscriminativeModel } from '../core/model.js';
import { defineAdapter } from './adapter.js';
import { connectTranscriber } from './asr/connect.js';
import { asrDetector } from './asr/detector.js';
import { ENDPOINT_OPTIONS, endpointSettings, stepsOption } from './asr/endpoint-options.js';
import { TIMES } from './asr/openai.js';
import { ASR_RATE, type Transcribe } from './asr/recogniser.js';
import { SILENCE_DETECTORS, silenceDetector } from './asr/silence.js';
import { pairedModel } from './paired.js';

const OPTIONS = {
  url: z.string().min(1).default('http://127.0.0.1:8000').meta({
    description: 'server, or its endpoint if that is not /v1/audio/transcriptions',
  }),
  program: z.string().min(1).optional().meta({
    description: 'program on this machine that transcribes, instead of a server',
  }),
  model: z.string().min(1).default('whisper-1').meta({ description: 'name of the model as the server knows it' }),
  language: z.string().min(1).optional().meta({ description: 'language to tell the server, such as en' }),
  key_variable: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'environment variable that holds the key of the server' }),
  timestamps: z
    .enum(['auto', ...TIMES])
    .default('auto')
    .meta({
      description: 'times to ask the server for; auto = words, else segments, else none, whichever it accepts first',
    }),
  chunk_s: z.number().min(0.1).max(30).default(1).meta({ description: 'new audio between two requests', unit: 's' }),
  longest_s: z.number().min(1).max(120).default(15).meta({
    description: 'audio is trimmed when a request would send more',
    unit: 's',
  }),
  trimmed_s: z.number().min(0.5).max(120).default(10).meta({
    description: 'about how much is kept then; less than longest_s',
    unit: 's',
  }),
  silence: z.enum(SILENCE_DETECTORS).default('silero').meta({
    description: 'what finds silence, in which nothing is sent; none = everything is sent',
  }),
  speech_threshold: z.number().gt(0).lt(1).optional().meta({
    description: 'threshold of that detector (silero 0.5, energy 0.01)',
  }),
  shortest_ms: stepsOption(100, 'a stretch with less speech than this is taken for noise and not sent'),
  quiet_ms: stepsOption(300, 'silence after which tentative words count as stable'),
  ...ENDPOINT_OPTIONS,
  timeout_s: z.number().gt(0).max(600).default(8).meta({ description: 'limit of one request', unit: 's' }),
  retries: z.number().int().min(0).max(10).default(2).meta({ description: 'further attempts of a request' }),
  retry_delay_s: z.number().min(0).max(10).default(0.5).meta({
    description: 'wait before the second attempt, doubled before each further one',
    unit: 's',
  }),
};

export const streamingAsr = defineAdapter({
  name: 'streaming-asr',
  inputSampleRate: ASR_RATE,
  latency: 'a word is stable when two requests agree on it, one or two times chunk_s after it was said, or at silence',
  weights: [],
  options: OPTIONS,
  async load(options): Promise<DiscriminativeModel> {
    if (options.trimmed_s >= options.longest_s) {
      throw new UserError(
        `'trimmed_s' must be less than 'longest_s'; they are ${options.trimmed_s} and ${options.longest_s}`,
      );
    }
    const silence = await silenceDetector(options.silence, options.speech_threshold);
    const transcriber = await connectTranscriber(options, warn);
    const settings = {
      recogniser: {
        chunk: samples(options.chunk_s),
        longest: samples(options.longest_s),
        trimmed: samples(options.trimmed_s),
        shortest: samples(options.shortest_ms / 1000),
        quiet: samples(options.quiet_ms / 1000),
        lead: samples(LEAD_S),
      },
      endpoint: endpointSettings(options),
    };
    let pass = new AbortController();
    const transcribe: Transcribe = (audio, fromS) => {
      const span = `audio from ${fromS.toFixed(2)} to ${(fromS + audio.length / ASR_RATE).toFixed(2)} s`;
      return transcriber.transcribe(audio, pass.signal, (problem, attempt) => warn(`${span}: ${problem}`, attempt));
    };
    const weights = [...(transcriber.weights ?? []), ...(silence.model?.weights ?? [])];
    const paired = pairedModel({ inputSampleRate: ASR_RATE, weights }, (rows) =>
      asrDetector(rows, settings, silence, transcribe),
    );
    return {
      ...paired,
      asksOutside: true,
      ready: () => transcriber.ready?.(),
      async reset() {
        // What is still under way belongs to a pass that was given up.
        pass.abort();
        pass = new AbortController();
        await silence.model?.reset();
        await paired.reset();
      },
      async close() {
        pass.abort();
        await transcriber.close?.();
        await silence.model?.close?.();
      },
    };
  },
});

/** Speech is found late by a step or two, and recognisers like a beginning, s. */
const LEAD_S = 0.3;

function samples(seconds: number): number {
  return Math.round(seconds * ASR_RATE);
}

function warn(problem: string, attempt: number): void {
  process.stderr.write(`streaming-asr: ${problem}; attempt ${attempt} failed, trying again\n`);
}
