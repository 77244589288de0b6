import { describe, expect, it } from 'vitest';
import { type EndpointAccess, endpointUrl, TranscriptionEndpoint } from '../../../src/models/asr/openai.js';
import { type AsrScript, type Mishap, startAsrServer } from '../asr-server.js';
import { sentence, speak } from './spoken.js';

const AUDIO = speak(sentence(['w1', 'w2'], 0.5), 2);

async function connect(script: AsrScript = {}, access: Partial<EndpointAccess> = {}) {
  const server = await startAsrServer(script);
  const endpoint = new TranscriptionEndpoint({
    url: endpointUrl(server.url),
    model: 'tiny',
    language: undefined,
    key: undefined,
    times: undefined,
    timeoutS: 20,
    retries: 2,
    retryDelayS: 0,
    ...access,
  });
  const retried: string[] = [];
  const { signal } = new AbortController();
  const ask = () => endpoint.transcribe(AUDIO, signal, (problem, attempt) => retried.push(`${attempt}: ${problem}`));
  return { server, ask, retried };
}

function once(mishap: Mishap): AsrScript {
  return { mishap: (request) => (request === 0 ? mishap : undefined) };
}

describe('a transcription endpoint', () => {
  it('is sent a WAV and asked for word times, without a key or language that nobody named', async () => {
    const { server, ask } = await connect();
    expect(await ask()).toEqual({
      isTimed: true,
      words: [
        { text: 'w1', startS: 0.5, endS: 0.8 },
        { text: 'w2', startS: 0.9, endS: 1.2 },
      ],
    });
    expect(server.requests).toEqual([
      {
        path: '/v1/audio/transcriptions',
        authorization: undefined,
        seconds: 2,
        fields: {
          model: 'tiny',
          temperature: '0',
          response_format: 'verbose_json',
          'timestamp_granularities[]': 'word',
        },
      },
    ]);
  });

  it('is sent the language and the key', async () => {
    const { server, ask } = await connect({}, { language: 'en', key: 'k-1' });
    await ask();
    expect(server.requests[0]).toMatchObject({ authorization: 'Bearer k-1', fields: { language: 'en' } });
  });

  it('is asked for segments when it refuses words, and that is remembered', async () => {
    const { server, ask } = await connect({ times: 'segments' });
    // Evenly from 0.5 to 1.2 s.
    const transcript = { isTimed: true, words: [expect.anything(), { text: 'w2', startS: 0.85, endS: 1.2 }] };
    expect(await ask()).toEqual(transcript);
    expect(await ask()).toEqual(transcript);
    expect(server.requests.map(({ fields }) => fields['timestamp_granularities[]'])).toEqual([
      'word',
      'segment',
      'segment',
    ]);
  });

  it('is asked for plain text when it refuses verbose_json, and words are then spread over the audio', async () => {
    const { server, ask } = await connect({ times: 'none' });
    const transcript = {
      isTimed: false,
      words: [
        { text: 'w1', startS: 0, endS: 1 },
        { text: 'w2', startS: 1, endS: 2 },
      ],
    };
    expect(await ask()).toEqual(transcript);
    expect(await ask()).toEqual(transcript);
    const forms = server.requests.map(({ fields }) => fields['response_format']);
    expect(forms).toEqual(['verbose_json', 'verbose_json', 'json', 'json']);
  });

  it('is not asked for another form than the one the user wants', async () => {
    const { server, ask } = await connect({ times: 'none' }, { times: 'words' });
    await expect(ask()).rejects.toThrow('do not support verbose_json for tiny');
    expect(server.requests).toHaveLength(1);
  });

  it('does not count as poor because it failed for another reason', async () => {
    const { server, ask } = await connect(once({ status: 503 }));
    expect((await ask()).isTimed).toBe(true);
    expect(server.requests.map(({ fields }) => fields['timestamp_granularities[]'])).toEqual(['word', 'word']);
  });
});

describe('failures of a transcription endpoint', () => {
  const passing: [string, Mishap, RegExp][] = [
    ['an error of the server', { status: 500 }, /HTTP 500: .*scripted 500/],
    ['too many requests', { status: 429, retryAfter: '0' }, /HTTP 429/],
    ['an answer that is not JSON', { body: '<html>busy</html>' }, /the answer is not JSON: <html>busy/],
    ['an answer of another shape', { body: '{"segments": 3, "text": "a"}' }, /not a transcript: segments: /],
    ['an answer without text', { body: '{}' }, /not a transcript: text: /],
    ['a connection that breaks', 'drop', /127\.0\.0\.1.*: .+/],
  ];
  it.each(passing)('are tried again and reported: %s', async (_, mishap, problem) => {
    const { server, ask, retried } = await connect(once(mishap));
    expect((await ask()).words).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
    expect(retried).toEqual([expect.stringMatching(problem)]);
  });

  it('end it after the last attempt, with what was wrong and how often', async () => {
    const { server, ask, retried } = await connect({ mishap: () => ({ status: 503 }) });
    await expect(ask()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/transcriptions answered HTTP 503: .* \(attempt 3 of 3\)$/),
    });
    expect(server.requests).toHaveLength(3);
    expect(retried).toHaveLength(2);
  });

  it('that no second attempt can mend end it at once, with what to do', async () => {
    const { server, ask } = await connect(
      { mishap: () => ({ status: 401, body: 'no such key: k-secret' }) },
      { key: 'k-secret' },
    );
    const error = await ask().catch((e: unknown) => e);
    expect(error).toMatchObject({
      message: expect.stringContaining('no such key: …'),
      hint: expect.stringContaining('key_variable'),
    });
    expect(String(error)).not.toContain('k-secret');
    expect(server.requests).toHaveLength(1);
  });

  it('include an answer that does not come in time', async () => {
    const { ask } = await connect({ mishap: () => 'hang' }, { timeoutS: 0.05, retries: 1 });
    await expect(ask()).rejects.toThrow(/no answer within 0\.05 s \(attempt 2 of 2\)$/);
  });

  it('include a server that is not there', async () => {
    const { server, ask } = await connect({}, { retries: 0 });
    await server.close();
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('is the server running?'),
    });
  });

  it('are not waited for when the pass is given up', async () => {
    const server = await startAsrServer({ mishap: () => 'hang' });
    const pass = new AbortController();
    const endpoint = new TranscriptionEndpoint({
      url: endpointUrl(server.url),
      ...{ model: 'tiny', language: undefined, key: undefined, times: undefined },
      ...{ timeoutS: 60, retries: 5, retryDelayS: 60 },
    });
    const asked = endpoint.transcribe(AUDIO, pass.signal, () => {});
    pass.abort(new Error('given up'));
    await expect(asked).rejects.toThrow('given up');
  });
});

describe('addresses', () => {
  it.each([
    ['http://h:8000', 'http://h:8000/v1/audio/transcriptions'],
    ['http://h:8000/', 'http://h:8000/v1/audio/transcriptions'],
    ['https://h/api/v1/', 'https://h/api/v1/audio/transcriptions'],
    ['https://h/x/audio/transcriptions?api-version=1', 'https://h/x/audio/transcriptions?api-version=1'],
  ])('%s is the endpoint %s', (text, url) => {
    expect(endpointUrl(text).href).toBe(url);
  });

  it.each(['localhost:8000', 'ftp://h', 'nonsense'])('%s is none', (text) => {
    expect(() => endpointUrl(text)).toThrow("must be an address such as http://127.0.0.1:8000; it is '");
  });

  it.each(['https://me:pass@h', 'https://h/?api_key=abc'])(
    'that carry a secret are refused without showing it',
    (text) => {
      let message = '';
      try {
        endpointUrl(text);
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('holds a secret');
      expect(message).not.toMatch(/pass@|abc/);
    },
  );
});
