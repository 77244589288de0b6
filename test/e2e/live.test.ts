/** Live systems from the command line: real sockets, real pace, conversations of two seconds. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fakeNamed } from '../../src/peers/fake/catalogue.js';
import { type FakeServer, type ServeSettings, serveFake } from '../../src/peers/fake/serve.js';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { wav, writeTree } from '../helpers/dataset-folder.js';
import { TINY_RATE, tones } from '../helpers/tiny-world.js';

const place = workplace();
const KEY = 'sk-this-must-appear-nowhere';
const SCRIPT = [
  { at_s: 0.4, floor: 1 },
  { at_s: 1.3, floor: 0 },
] as const;
const QUICK = ['-o', 'grace_s=0.1', '-o', 'connect_timeout_s=5'];

let server: FakeServer | undefined;
let runs = 0;

beforeAll(() => {
  const turn = { start_s: 0.3, end_s: 1.2, label: 'Normal Turn' };
  const audio = wav([tones([{ startS: 0.3, endS: 1.2 }], 2)], TINY_RATE);
  const files = ['1', '2', '3'].flatMap((id) => [
    [`data/${id}/speaker_1_audio.wav`, audio],
    [`data/${id}/speaker_2_audio.wav`, wav([tones([], 2)], TINY_RATE)],
    [`data/${id}/annotations.json`, { speaker_1: { a: [turn] }, speaker_2: { a: [] } }],
    [`data/${id}/metadata.json`, { conversation_type: 'short' }],
  ]);
  writeTree(place.folder, { 'data/dataset.json': { name: 'short', version: '1.0.0' }, ...Object.fromEntries(files) });
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(settings: Partial<ServeSettings> = {}): Promise<FakeServer> {
  server = await serveFake(fakeNamed('openai-realtime'), { port: 0, script: SCRIPT, ...settings });
  return server;
}

function evaluate(url: string, out: string, ...more: string[]) {
  const about = ['-m', 'openai-realtime', '-o', `url=${url}`, '-d', 'data', '--out', out, '-q'];
  return place.inside(['eval', ...about, ...QUICK, ...more]);
}

const freshOut = () => `out-${++runs}`;
const runIn = (out: string): RunFiles => onlyRun(join(place.folder, out));
const statuses = (run: RunFiles) => run.rows.map((row) => [row.conversation_id, row.status]);

describe('eval with a live system', () => {
  it('streams conversations side by side and keeps what the server said', async () => {
    const { url, stages } = await serve();
    const out = freshOut();
    const { code, stdout } = await evaluate(url, out, '-j', '3');
    expect(code).toBe(0);
    expect(stdout).toContain('openai-realtime');
    expect(stages).toHaveLength(6);
    const firstEndMs = Math.min(...stages.map(({ heard }) => heard.at(-1)!.atMs));
    expect(stages.every(({ heard }) => heard[0]!.atMs < firstEndMs)).toBe(true);
    for (const { heard, said } of stages) {
      // The client's clock is not started before the server is ready; from then on no audio is ahead of it.
      const readyMs = said.find(({ message }) => String(message).includes('session.updated'))!.atMs;
      const ahead = heard.filter(({ atMs, heardS }) => heardS * 1000 - 20 > atMs - readyMs + 1e-6);
      expect(ahead).toEqual([]);
    }
    const run = runIn(out);
    for (const row of run.rows) {
      if (row.status !== 'ok') throw new Error(row.error);
      const [about, ...events] = run
        .read(`live/${row.conversation_id}.jsonl`)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(about).toMatchObject({ conversation_id: row.conversation_id, failure: null });
      const sentS = (type: string) =>
        events
          .filter(({ event, subject }) => event.type.endsWith(type) && subject === 'speaker_1')
          .map(({ sent_s }) => sent_s);
      expect(row.events.speaker_1.eot).toEqual(sentS('speech_stopped'));
      expect(row.events.speaker_1.interruption).toEqual(sentS('speech_started'));
      expect(row.events.speaker_1.eot[0]).toBeGreaterThanOrEqual(1.3);
    }
  });

  it('asks before a key is sent, and writes the key nowhere', async () => {
    const { url } = await serve({ key: KEY });
    const out = freshOut();
    const withKey = ['-o', 'key_variable=PEER_KEY'];
    const args = [
      'eval',
      '-m',
      'openai-realtime',
      '-o',
      `url=${url}`,
      '-d',
      'data',
      '--out',
      out,
      ...QUICK,
      ...withKey,
    ];
    const asked = await place.inside(args, { PEER_KEY: KEY });
    expect(asked.code).toBe(2);
    expect(asked.stderr).toMatch(/0\.00 hours of audio in 6 sessions .*\n.*no terminal to ask on\nhint: add --yes/);
    const sent = await place.inside([...args, '--yes', '-n', '1'], { PEER_KEY: KEY });
    expect(sent.code).toBe(0);
    const run = runIn(out);
    const files = readdirSync(run.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const written = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('');
    expect(files.length).toBeGreaterThan(4);
    expect(written + sent.stdout + sent.stderr).not.toContain(KEY);
    const refused = await place.inside([...args, '--yes', '-n', '1', '--fresh'], { PEER_KEY: 'sk-wrong' });
    expect(refused.code).toBe(4);
    expect(refused.stdout).toContain('refused the session: HTTP 401');
    expect(refused.stdout + refused.stderr).not.toContain('sk-wrong');
  });

  it('loses only what was under way when the server goes away, and runs only that again', async () => {
    const first = await serve();
    const { port } = new URL(first.url);
    const out = freshOut();
    const running = evaluate(first.url, out, '-j', '1');
    // In the middle of the second conversation.
    while (first.stages.length < 4 || first.stages[3]!.heardS < 0.5)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await first.close();
    await serve({ port: Number(port) });
    expect((await running).code).toBe(4);
    const broken = runIn(out);
    expect(statuses(broken)).toEqual([
      ['1', 'ok'],
      ['2', 'failed'],
      ['3', 'ok'],
    ]);
    const [, failed] = broken.rows;
    expect(failed).toMatchObject({
      error: expect.stringMatching(/session of speaker [12]: the server closed the session \(code 1006\)/),
      hint: expect.stringContaining('live/2.jsonl'),
    });
    expect(broken.read('live/2.jsonl')).toContain('speech_started');
    const before = server!.stages.length;
    const again = await evaluate(first.url, out, '--resume', broken.path, '--retry-failed');
    expect(again.code).toBe(0);
    expect(server!.stages.length - before).toBe(2);
    expect(statuses(runIn(out)).every(([, status]) => status === 'ok')).toBe(true);
  });

  it('fails conversations, not the run, when there is no server', async () => {
    const { url, close } = await serve();
    await close();
    const about = ['-m', 'openai-realtime', '-o', `url=${url}`, '-d', 'data', '--out', freshOut()];
    const { code, stdout } = await place.inside(['eval', ...about, '-o', 'connect_timeout_s=0.1']);
    expect(code).toBe(4);
    expect(stdout).toContain(`no connection to ${new URL(url).host}`);
    expect(stdout).toContain('hint: is the server running');
  });
});

describe('what makes no sense with a live system is refused', () => {
  const OPENAI = ['-m', 'openai-realtime', '-o', 'url=ws://127.0.0.1:9/v1/realtime', '-d', 'data'];

  it.each([
    [['eval', ...OPENAI, '--realtime'], 'all its latencies are real already'],
    [['eval', ...OPENAI, '--threshold', '0.4'], 'no threshold to set'],
    [['eval', ...OPENAI, '-o', 'eagerness=low'], 'eagerness: server_vad has no such option'],
    [['eval', '-m', 'openai-realtime', '-o', 'url=wss://x?token=1'], 'the URL holds a key'],
    [['eval', '-m', 'openai-realtime', '-d', 'data'], 'OPENAI_API_KEY is not set'],
    [['bench', ...OPENAI], 'is a live system'],
    [['check-causality', ...OPENAI], 'is a live system'],
    [['serve-fake', 'opanai-realtime'], "did you mean 'openai-realtime'?"],
    [['serve-fake', 'echostream', '--fault', 'drop'], "'drop' is no fault"],
  ])('%j', async (args, message) => {
    const { code, stderr } = await place.inside(args, { OPENAI_API_KEY: '' });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

it('serve-fake says where it is, and ends with Ctrl-C', async () => {
  const fake = place.start(['serve-fake', 'echostream']);
  await fake.said('stand-in');
  fake.kill('SIGINT');
  const { code, stdout } = await fake.outcome;
  expect(stdout).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ws\n$/);
  expect(code).toBe(0);
});
