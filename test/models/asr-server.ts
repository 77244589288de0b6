/**
 * A small transcription server on loopback. It hears what it is sent (`asr/spoken.ts`), and gives words, segments or
 * neither, as real servers do; what goes wrong is scripted.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { hear } from './asr/spoken.js';

export interface AsrServer {
  readonly url: string;
  readonly requests: readonly AsrRequest[];
  close(): Promise<void>;
}

export interface AsrRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** Of the audio. */
  readonly seconds: number;
}

export interface AsrScript {
  /** The richest form it knows: words, segments, or only plain text, as a server without time stamps. */
  readonly times?: 'words' | 'segments' | 'none';
  readonly vocabulary?: readonly string[];
  /** How long every answer takes. */
  readonly delayMs?: number;
  /** What happens instead of an answer to the request of this number, from 0. */
  readonly mishap?: (request: number) => Mishap | undefined;
}

export type Mishap =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: string }
  | { readonly body: string }
  | 'drop'
  | 'hang';

/** Closed after the test in which it was started. */
export async function startAsrServer(script: AsrScript = {}): Promise<AsrServer> {
  const requests: AsrRequest[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const form = await new Response(Buffer.concat(pieces), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const wav = Buffer.from(await (form.get('file') as Blob).arrayBuffer());
    const samples = Float32Array.from(
      { length: (wav.length - 44) / 2 },
      (_, i) => wav.readInt16LE(44 + 2 * i) / 32_768,
    );
    const fields = Object.fromEntries([...form].filter(([name]) => name !== 'file')) as Record<string, string>;
    const { authorization } = request.headers;
    requests.push({ path: request.url ?? '', authorization, fields, seconds: samples.length / 16_000 });

    const mishap = script.mishap?.(requests.length - 1);
    if (mishap === 'hang') return;
    if (mishap === 'drop') return void response.destroy();
    if (mishap) {
      const { status = 200, retryAfter } = mishap as { status?: number; retryAfter?: string };
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(retryAfter && { 'retry-after': retryAfter }),
      });
      return void response.end(mishap.body ?? JSON.stringify({ error: { message: `scripted ${status}` } }));
    }
    if (script.delayMs) await setTimeout(script.delayMs);
    const [status, answer] = answerOf(script, fields, samples);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  open.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function answerOf(
  { times = 'words', vocabulary }: AsrScript,
  fields: Readonly<Record<string, string>>,
  samples: Float32Array,
): [number, object] {
  const words = hear(samples, vocabulary ? [...vocabulary] : undefined);
  const text = words.map((word) => word.text).join(' ');
  if (fields['response_format'] === 'json') return [200, { text, usage: { type: 'duration', seconds: 1 } }];
  if (times === 'none') {
    return [400, { error: { message: `Currently do not support verbose_json for ${fields['model']}`, code: 400 } }];
  }
  const whole = { task: 'transcribe', language: 'en', duration: samples.length / 16_000, text };
  const isWord = fields['timestamp_granularities[]'] === 'word';
  if (isWord && times === 'segments') {
    return [422, { detail: 'timestamp_granularities: word is not supported' }];
  }
  if (isWord) {
    return [
      200,
      { ...whole, words: words.map(({ text, startS, endS }) => ({ word: ` ${text}`, start: startS, end: endS })) },
    ];
  }
  const [first, last] = [words[0], words.at(-1)];
  const segments = first && last ? [{ id: 0, start: first.startS, end: last.endS, text: ` ${text}` }] : [];
  return [200, { ...whole, segments }];
}
