import { describe, expect, it, vi } from 'vitest';
import type { ModelOptions } from '../../src/core/model.js';
import { loadModel } from '../../src/models/catalogue.js';
import { driveConversation } from '../../src/stream/drive.js';
import { memoryAudio } from '../helpers/samples.js';
import { sentence, speak } from './asr/spoken.js';
import { type AsrScript, startAsrServer } from './asr-server.js';
import { bothPasses, pass } from './listening.js';

async function connect(script: AsrScript = {}, options: ModelOptions = {}) {
  const server = await startAsrServer(script);
  const model = await loadModel('streaming-asr', {
    ...{ url: server.url, silence: 'energy', retry_delay_s: 0 },
    ...options,
  });
  return { server, model };
}

/** Steps at whose end the floor changes at a threshold, s. */
function edgesS(p: readonly number[], threshold = 0.5): number[] {
  return p.flatMap((x, i) => (x > threshold !== (p[i - 1] ?? 0) > threshold ? [(i + 1) / 50] : []));
}

const SILENCE = new Float32Array(16_000 * 7);
//           0      1      2      3      4      5      6      7 s
// speaker 1        w0 w1 w2 w3          w4 w5
const FIRST = speak([...sentence(['w0', 'w1', 'w2', 'w3'], 1), ...sentence(['w4', 'w5'], 4)], 7);
const SECOND = speak(sentence(['w8', 'w9'], 2.7), 7);

describe('streaming-asr', () => {
  it('takes the floor at the first stable word and gives it back after quiet and silence', async () => {
    const { model, server } = await connect();
    const p = await pass(model, FIRST, SILENCE);
    // The first utterance ends at 2.5 s. It is asked about up to 1.7, 2.7 (0.3 s lead): w0 and w1 agree at 2.7, the rest is
    // flushed at 2.8 s. The second ends at 4.7 s: asked at 4.7, flushed at 5.0 s. 0.3 s more until the floor is free.
    expect(edgesS(p)).toEqual([2.7, 3.1, 5, 5.3]);
    expect(server.requests.map(({ seconds }) => seconds)).toEqual([1, 1, 2, 1]);
    await model.close?.();
  });

  it('answers for other silences at other thresholds', async () => {
    const { model } = await connect();
    const p = await pass(model, FIRST, SILENCE);
    // 0.3 s · 0.2 / 0.8 = 0.075 s: four steps. 0.3 s · 0.8 / 0.2 = 1.2 s: until 4.0 s, and the next words come at 5 s.
    expect(edgesS(p, 0.8)).toEqual([2.7, 2.88, 5, 5.08]);
    expect(edgesS(p, 0.2)).toEqual([2.7, 4, 5, 6.2]);
    await model.close?.();
  });

  it.each(['words', 'segments', 'none'] as const)('hears the same turns from a server that gives %s', async (times) => {
    const { model } = await connect({ times });
    expect(edgesS(await pass(model, FIRST, SILENCE))).toEqual([2.7, 3.1, 5, 5.3]);
    await model.close?.();
  });

  it('answers both passes at once exactly as one by one', async () => {
    const { model } = await connect();
    const both = await bothPasses(model, FIRST, SECOND);
    expect(both).toEqual([await pass(model, FIRST, SECOND), await pass(model, SECOND, FIRST)]);
    expect(edgesS(both[1]).length).toBe(2);
    await model.close?.();
  });

  it('finds silence with Silero by default, and can do without', async () => {
    // Constant levels are no speech to Silero: nothing is sent but the request that introduces the server.
    const silero = await connect({}, { silence: 'silero' });
    expect(edgesS(await pass(silero.model, FIRST, SILENCE))).toEqual([]);
    expect(silero.server.requests).toHaveLength(1);
    await silero.model.close?.();

    // Everything is sent, every second. All words are stable at 4 s (w0 to w3) and at 6 s (w4, w5).
    const none = await connect({}, { silence: 'none' });
    expect(edgesS(await pass(none.model, FIRST, SILENCE))).toEqual([3, 4.3, 6, 6.3]);
    expect(none.server.requests).toHaveLength(8);
    await none.model.close?.();
  });

  it('waits longer when the last word does not end a sentence, if asked to', async () => {
    const vocabulary = ['so', 'it', 'is.', 'and', 'then'];
    const audio = speak([...sentence(['so', 'it', 'is.'], 0), ...sentence(['and', 'then'], 4)], 9, vocabulary);
    const { model } = await connect({ vocabulary }, { punctuation: true, silence_ms: 200, unfinished_ms: 1000 });
    // `is.` ends at 1.1 s, flushed at 1.4; `then` ends at 4.7 s, flushed at 5.0.
    expect(edgesS(await pass(model, audio, new Float32Array(audio.length)))).toEqual([1.4, 1.6, 5, 6]);
    await model.close?.();
  });

  it('says what went wrong and is tried again, with the audio it was about', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const { model } = await connect({ mishap: (request) => (request === 2 ? { status: 500 } : undefined) });
      expect(edgesS(await pass(model, FIRST, SILENCE))).toEqual([2.7, 3.1, 5, 5.3]);
      const said = stderr.mock.calls.map(([text]) => String(text));
      expect(said).toEqual([
        expect.stringMatching(
          /^streaming-asr: audio from 0\.70 to 2\.70 s: .*HTTP 500.*attempt 1 failed, trying again\n$/,
        ),
      ]);
      await model.close?.();
    } finally {
      stderr.mockRestore();
    }
  });

  it('fails the conversation when the server goes on failing, and hears the next one', async () => {
    let isBroken = false;
    const { model } = await connect({ mishap: () => (isBroken ? { status: 502 } : undefined) }, { retries: 0 });
    isBroken = true;
    await expect(driveConversation(model, memoryAudio(16_000, FIRST, SECOND))).rejects.toMatchObject({
      message: expect.stringMatching(/^step 84 \(1\.68 s\), both speakers as subject: the model failed: .*HTTP 502/),
    });
    isBroken = false;
    expect(edgesS(await pass(model, FIRST, SECOND))).toEqual([2.7, 3.1, 5, 5.3]);
    await model.close?.();
  });
});

describe('options of streaming-asr', () => {
  it('are refused before anything is heard', async () => {
    const load = (options: ModelOptions) => loadModel('streaming-asr', options);
    await expect(load({ url: 'nowhere' })).rejects.toThrow("'url' must be an address");
    await expect(load({ longest_s: 5 })).rejects.toThrow(
      "'trimmed_s' must be less than 'longest_s'; they are 10 and 5",
    );
    await expect(load({ silence_ms: 50 })).rejects.toThrow(
      "'silence_ms' must be a whole number ≥ 20 and ≤ 60000, a multiple of 20 (ms)",
    );
    await expect(load({ key_variable: 'NO_SUCH_KEY_HERE' })).rejects.toMatchObject({
      message: 'there is no key in the environment variable NO_SUCH_KEY_HERE',
      exitCode: 5,
    });
    const mistaken = await load({ key_variable: 'sk-12345' }).catch((error: unknown) => String(error));
    expect(mistaken).toContain('not a key');
    expect(mistaken).not.toContain('12345');
  });

  it('lead to a server that is asked once before anything is heard', async () => {
    const server = await startAsrServer({ mishap: () => ({ status: 404, body: '{"detail":"no model whisper-1"}' }) });
    await expect(loadModel('streaming-asr', { url: server.url })).rejects.toMatchObject({
      message: expect.stringMatching(/^streaming-asr cannot use the server: .*HTTP 404: .*no model whisper-1/),
      hint: expect.stringContaining('-o model'),
      exitCode: 5,
    });
  });
});
