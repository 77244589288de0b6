/** A streaming recogniser from the command line: a small world whose words are known, and servers that misbehave. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, workplace } from '../helpers/cli.js';
import { type Tree, wav, writeTree } from '../helpers/dataset-folder.js';
import { type SpokenWord, sentence, speak } from '../models/asr/spoken.js';
import { type AsrScript, startAsrServer } from '../models/asr-server.js';

//           0      1      2      3      4      5      6      7 s
// speaker 1        w0 w1 w2 w3          w4 w5                     turns 1.0–2.5 and 4.0–4.7
// speaker 2                      w8 w9                            turn  2.7–3.4
// Recognised every second and after 0.3 s of silence, released after 0.3 s more: 0.6 s after every turn.
const SPOKEN = {
  1: [...sentence(['w0', 'w1', 'w2', 'w3'], 1), ...sentence(['w4', 'w5'], 4)],
  2: sentence(['w8', 'w9'], 2.7),
} as const;
const TURNS = {
  speaker_1: { a: [turn(1, 2.5), turn(4, 4.7)] },
  speaker_2: { a: [turn(2.7, 3.4)] },
};

function turn(start_s: number, end_s: number) {
  return { start_s, end_s, label: 'Normal Turn' };
}

function channel(words: readonly SpokenWord[]): Uint8Array {
  return wav([Array.from(speak(words, 7), (x) => Math.round(x * 32_768))], 16_000);
}

const place = workplace();

beforeAll(() => {
  const files = ['1', '2'].flatMap((id) => [
    [`spoken/${id}/speaker_1_audio.wav`, channel(SPOKEN[1])],
    [`spoken/${id}/speaker_2_audio.wav`, channel(SPOKEN[2])],
    [`spoken/${id}/annotations.json`, TURNS],
    [`spoken/${id}/metadata.json`, { conversation_type: 'spoken' }],
  ]);
  const tree: Tree = { 'spoken/dataset.json': { name: 'spoken', version: '1.0.0' }, ...Object.fromEntries(files) };
  writeTree(place.folder, tree);
});

async function evaluate(out: string, script: AsrScript, ...args: string[]) {
  const server = await startAsrServer(script);
  const options = [`url=${server.url}`, 'silence=energy', 'retry_delay_s=0'].flatMap((option) => ['-o', option]);
  const command = ['eval', '-m', 'streaming-asr', '-d', 'spoken', ...options, '-q', '--out', out, ...args];
  return { server, ...(await place.inside(command)), run: onlyRun(join(place.folder, out)) };
}

const EVENTS = {
  speaker_1: { eot: [3.1, 5.3], interruption: [2.7, 5] },
  speaker_2: { eot: [4], interruption: [3.7] },
};

describe('eval -m streaming-asr', () => {
  it('commits what the words say, at the audio time at which they say it', async () => {
    const { code, stderr, run } = await evaluate('words', {});
    expect([code, stderr]).toEqual([0, '']);
    const { predictions } = JSON.parse(run.read('predictions.json'));
    expect(predictions).toEqual(['1', '2'].map((conversation_id) => ({ conversation_id, ...EVENTS })));
    expect(run.header.totals?.eot).toMatchObject({ recall: 1, tp: 6, fn: 0 });
    expect(run.header.totals?.eot.latency_ms?.p50).toBeCloseTo(600, 6);
  });

  it('says the same of a server without time stamps, however slow it answers', async () => {
    const { code, run } = await evaluate('plain', { times: 'none', delayMs: 20 }, '-n', '1');
    expect(code).toBe(0);
    expect(JSON.parse(run.read('predictions.json')).predictions[0]).toMatchObject(EVENTS);
  });

  it('pays for the time that the server takes when steps are timed', async () => {
    const { code, run, server } = await evaluate('timed', { delayMs: 100 }, '-n', '1', '--realtime', '--no-sweep');
    expect(code).toBe(0);
    // The decisions are those of the audio; what they cost is beside them.
    expect(JSON.parse(run.read('predictions.json')).predictions[0]).toMatchObject(EVENTS);
    const row = run.rows[0]!;
    const computeS = row.status === 'ok' ? row.timing.compute_s : 0;
    const asked = server.requests.length - 1;
    expect(asked).toBe(4);
    expect(computeS).toBeGreaterThan(0.09 * asked);
    expect(run.header.totals?.deployed).not.toBeNull();
  });

  it('fails the conversation that cannot be recognised, says where and why, and goes on', async () => {
    // Request 0 introduces the server. Of those about conversation 1 the third and its repetitions fail.
    let failures = 0;
    const mishap = (request: number) =>
      request >= 3 && ++failures <= 3 ? { status: 503, body: 'overloaded' } : undefined;
    const { code, stderr, run } = await evaluate('overloaded', { mishap });
    expect(code).toBe(4);
    expect(run.rows.map(({ conversation_id, status }) => [conversation_id, status])).toEqual([
      ['1', 'failed'],
      ['2', 'ok'],
    ]);
    const { error } = run.rows[0] as { error: string };
    expect(error).toMatch(/step \d+ \(\d\.\d\d s\).*HTTP 503: overloaded \(attempt 3 of 3\)/);
    expect(stderr).toMatch(
      /streaming-asr: audio from \d\.\d\d to \d\.\d\d s: .*HTTP 503: overloaded; attempt 1 failed/,
    );
    expect(JSON.parse(run.read('predictions.json')).predictions).toMatchObject([{ conversation_id: '2', ...EVENTS }]);
  });

  it('asks the server again in every run, because it may have changed', async () => {
    // With Silero, whose weights alone would make it a network of this package, whose answers are kept.
    const server = await startAsrServer();
    for (const out of ['asked', 'asked-again']) {
      const args = ['eval', '-m', 'streaming-asr', '-d', 'spoken', '-n', '1', '-q', '--no-sweep', '--out', out];
      expect((await place.inside([...args, '-o', `url=${server.url}`])).code).toBe(0);
      const [row] = onlyRun(join(place.folder, out)).rows;
      expect(row?.status === 'ok' && row.timing).not.toHaveProperty('kept');
    }
  });

  it('keeps the key out of everything that it prints and writes', async () => {
    const server = await startAsrServer({
      mishap: (request) => (request > 4 ? { status: 401, body: 'bad k-3141' } : undefined),
    });
    const args = [
      '-o',
      `url=${server.url}`,
      '-o',
      'silence=energy',
      '-o',
      'key_variable=ASR_KEY',
      '-q',
      '--out',
      'keyed',
    ];
    const command = ['eval', '-m', 'streaming-asr', '-d', 'spoken', ...args];
    const { code, stdout, stderr } = await place.inside(command, { ASR_KEY: 'k-3141' });
    expect(code).toBe(4);
    const { files, read } = onlyRun(join(place.folder, 'keyed'));
    for (const text of [stdout, stderr, ...files.filter((file) => file.includes('.')).map(read)]) {
      expect(text).not.toContain('k-3141');
    }
    expect(server.requests.every(({ authorization }) => authorization === 'Bearer k-3141')).toBe(true);
  });

  it('says what is missing before it hears anything', async () => {
    const args = ['eval', '-m', 'streaming-asr', '-d', 'spoken', '--out', 'nothing', '-o', 'retries=0'];
    const { code, stderr } = await place.inside([...args, '-o', 'url=http://127.0.0.1:9']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/cannot use the server: http:\/\/127\.0\.0\.1:9\/v1\/audio\/transcriptions: /);
    expect(stderr).toContain('is the server running? name it with -o url=http://host:port');
  });
});
