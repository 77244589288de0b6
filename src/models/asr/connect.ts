/** From options to a recogniser that is known to answer: everything that can be wrong is found before audio is heard. */

import { EXIT, UserError } from '../../core/errors.js';
import { isLoopback } from '../../peers/proxy.js';
import { endpointUrl, type Times, TranscriptionEndpoint } from './openai.js';
import { startTranscriber } from './program.js';
import { ASR_RATE } from './recogniser.js';
import type { OnRetry, Transcriber } from './transcriber.js';

/** As users name them. */
export interface ConnectOptions {
  readonly program?: string | undefined;
  readonly url: string;
  readonly model: string;
  readonly language?: string | undefined;
  readonly key_variable?: string | undefined;
  readonly timestamps: Times | 'auto';
  readonly timeout_s: number;
  readonly retries: number;
  readonly retry_delay_s: number;
}

/** @throws UserError when options are wrong, or the recogniser cannot be used (exit 5). */
export function connectTranscriber(options: ConnectOptions, onRetry: OnRetry): Promise<Transcriber> {
  const { program, model, language, timeout_s: timeoutS } = options;
  if (program === undefined) return serverOf(options, onRetry);
  return startTranscriber({ command: program, folder: process.cwd(), options: { model, language }, timeoutS });
}

/** One second of silence shows whether the server is there, lets us in, and which times it gives. */
async function serverOf(options: ConnectOptions, onRetry: OnRetry): Promise<Transcriber> {
  const url = endpointUrl(options.url);
  const endpoint = new TranscriptionEndpoint({
    url,
    model: options.model,
    language: options.language,
    key: keyOf(options.key_variable, url),
    times: options.timestamps === 'auto' ? undefined : options.timestamps,
    timeoutS: options.timeout_s,
    retries: options.retries,
    retryDelayS: options.retry_delay_s,
  });
  try {
    await endpoint.transcribe(new Float32Array(ASR_RATE), new AbortController().signal, onRetry);
    return endpoint;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error;
    throw new UserError(`streaming-asr cannot use the server: ${message}`, {
      ...(hint !== undefined && { hint }),
      exitCode: EXIT.prerequisite,
      cause: error,
    });
  }
}

function keyOf(variable: string | undefined, url: URL): string | undefined {
  if (variable === undefined) return undefined;
  if (!/^[A-Za-z_]\w*$/.test(variable)) {
    // Not shown: it may be the key itself.
    throw new UserError("'key_variable' must be the name of an environment variable, not a key");
  }
  const key = process.env[variable];
  if (key && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UserError(`the key in ${variable} would travel to ${url.host} unencrypted`, { hint: 'use https://' });
  }
  if (key) return key;
  throw new UserError(`there is no key in the environment variable ${variable}`, {
    hint: `set it: export ${variable}=…`,
    exitCode: EXIT.prerequisite,
  });
}
