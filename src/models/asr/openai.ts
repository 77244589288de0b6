/**
 * An OpenAI-compatible transcription endpoint: one multipart request per question. Word times are asked for first;
 * a server that refuses them is asked for segment times, then for plain text, and what it accepts is remembered.
 */

import { encodeWav16 } from '../../audio/encode.js';
import { messageOf, UserError } from '../../core/errors.js';
import { excerpt, readAnswer } from './answer.js';
import { ASR_RATE } from './recogniser.js';
import { type Attempt, type FailedAttempt, withRetries } from './retry.js';
import type { OnRetry, Transcriber } from './transcriber.js';
import type { Transcript } from './words.js';

/** From the richest to the plainest form of an answer. */
export const TIMES = ['words', 'segments', 'none'] as const;
export type Times = (typeof TIMES)[number];

export interface EndpointAccess {
  /** Of the endpoint itself. */
  readonly url: URL;
  readonly model: string;
  /** ISO 639-1; undefined = the server finds out. */
  readonly language: string | undefined;
  /** Sent as bearer token, and shown nowhere. */
  readonly key: string | undefined;
  /** Undefined = as good as the server can. */
  readonly times: Times | undefined;
  /** For one request, s. */
  readonly timeoutS: number;
  readonly retries: number;
  readonly retryDelayS: number;
}

export class TranscriptionEndpoint implements Transcriber {
  readonly #access: EndpointAccess;
  #times: Times;

  constructor(access: EndpointAccess) {
    this.#access = access;
    this.#times = access.times ?? 'words';
  }

  transcribe(samples: Float32Array, signal: AbortSignal, onRetry: OnRetry): Promise<Transcript> {
    const { retries, retryDelayS } = this.#access;
    const file = new Blob([new Uint8Array(encodeWav16({ sampleRateHz: ASR_RATE, channels: [samples] }))], {
      type: 'audio/wav',
    });
    const durationS = samples.length / ASR_RATE;
    return withRetries(() => this.#ask(file, durationS, signal), { retries, delayS: retryDelayS, signal, onRetry });
  }

  /** One attempt, in as many forms as the server wants to see before it accepts one. */
  async #ask(file: Blob, durationS: number, signal: AbortSignal): Promise<Attempt<Transcript>> {
    for (let times = this.#times; ; ) {
      const { status, body, waitS } = await this.#post(file, times, signal);
      if (status === 200) {
        const answer = readAnswer(body, durationS);
        if (typeof answer === 'string') return { problem: answer, mayPass: true };
        this.#times = times;
        return { value: answer };
      }
      const plainer = TIMES[TIMES.indexOf(times) + 1];
      if (this.#access.times === undefined && plainer && refusesForm(status, body)) times = plainer;
      else return this.#failure(status, body, waitS);
    }
  }

  async #post(file: Blob, times: Times, signal: AbortSignal): Promise<Reply> {
    const { url, key, timeoutS } = this.#access;
    const late = AbortSignal.timeout(1000 * timeoutS);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: this.#form(file, times),
        headers: { accept: 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        signal: AbortSignal.any([signal, late]),
      });
      const body = await response.text();
      const waitS = Number(response.headers.get('retry-after') ?? 0);
      return { status: response.status, body, waitS: Number.isFinite(waitS) ? waitS : 0 };
    } catch (error) {
      signal.throwIfAborted();
      return { status: 0, body: late.aborted ? `no answer within ${timeoutS} s` : networkProblem(error), waitS: 0 };
    }
  }

  #form(file: Blob, times: Times): FormData {
    const { model, language } = this.#access;
    const form = new FormData();
    form.set('file', file, 'audio.wav');
    form.set('model', model);
    if (language !== undefined) form.set('language', language);
    form.set('temperature', '0');
    form.set('response_format', times === 'none' ? 'json' : 'verbose_json');
    if (times !== 'none') form.set('timestamp_granularities[]', times === 'words' ? 'word' : 'segment');
    return form;
  }

  #failure(status: number, body: string, waitS: number): FailedAttempt {
    const { url, key } = this.#access;
    const said = excerpt(key === undefined ? body : body.replaceAll(key, '…'));
    const at = `${url.origin}${url.pathname}`;
    const hint = HINTS[status];
    return {
      problem: status === 0 ? `${at}: ${said}` : `${at} answered HTTP ${status}: ${said}`,
      mayPass: status === 0 || status >= 500 || PASSING.includes(status),
      waitS,
      ...(hint !== undefined && { hint }),
    };
  }
}

/** Status 0 = none was received, and the body says why. */
interface Reply {
  readonly status: number;
  readonly body: string;
  /** s. */
  readonly waitS: number;
}

/** Timeout, conflict, too early, too many requests. */
const PASSING: readonly number[] = [408, 409, 425, 429];

const HINTS: Readonly<Record<number, string>> = {
  0: 'is the server running? name it with -o url=http://host:port',
  401: 'name the environment variable that holds the key with -o key_variable=NAME',
  403: 'name the environment variable that holds the key with -o key_variable=NAME',
  404: 'check -o url and -o model: the endpoint is …/v1/audio/transcriptions',
  413: 'send less audio per request: -o longest_s=…',
  429: 'too many requests: lower -j or raise -o chunk_s',
};

/** Of what was asked for, the form of the answer. Nothing else may make a server look poorer than it is. */
function refusesForm(status: number, body: string): boolean {
  return status >= 400 && status < 600 && /verbose_json|response_format|timestamp/i.test(body);
}

function networkProblem(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const reasons = [error, cause].map((reason) => (reason === undefined ? '' : messageOf(reason)));
  return reasons.filter((reason) => reason !== '').join(': ');
}

/**
 * The endpoint that a user means: with or without its path.
 * @throws UserError when it is no address of HTTP, or carries a secret, which would be kept in the record of a run.
 */
export function endpointUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError(`'url' must be an address such as http://127.0.0.1:8000; it is '${text}'`);
  }
  const secret = url.username !== '' || url.password !== '' || /key|token|secret|sig/i.test(url.search);
  if (secret) {
    throw new UserError("'url' holds a secret, and options are kept in the record of a run", {
      hint: 'put it into an environment variable and name that with -o key_variable=NAME',
    });
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (!path.endsWith('/audio/transcriptions')) {
    url.pathname = `${path.endsWith('/v1') ? path : `${path}/v1`}/audio/transcriptions`;
  }
  return url;
}
