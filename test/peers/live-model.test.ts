import { describe, expect, it } from 'vitest';
import { fakeOpenAiRealtime } from '../../src/peers/fake/openai-realtime.js';
import type { FakeSettings, Stage } from '../../src/peers/fake/stage.js';
import { liveModel } from '../../src/peers/live-model.js';
import { openAiRealtime } from '../../src/peers/openai-realtime.js';
import { changes, drive, JumpingClock, memoryServer } from './world.js';

const SECRET = 'sk-do-not-tell';

function openAiWorld(settings: FakeSettings = {}, graceS = 1) {
  const clock = new JumpingClock();
  const server = memoryServer(fakeOpenAiRealtime, clock, settings);
  const protocol = openAiRealtime({
    url: 'ws://127.0.0.1/v1/realtime?model=m',
    headers: { authorization: `Bearer ${SECRET}` },
    turnDetection: { type: 'server_vad' },
  });
  const about = { address: 'here', isPaid: false, conversationsAtOnce: 1, longestSessionS: 60, connectTimeoutS: 1 };
  const model = liveModel(protocol, { ...about, graceS, secret: SECRET }, { clock, connect: server.connect });
  return { clock, server, model };
}

const SCRIPT = [
  { at_s: 0.4, floor: 1 },
  { at_s: 1.2, floor: 0 },
  { at_s: 1.5, floor: 1 },
  { at_s: 2.6, floor: 0 },
] as const;

/** Where the clock says that the audio was when the server's decisions arrived. */
function expected({ heard, said }: Stage): number[] {
  const startMs = heard[0]!.atMs;
  return said
    .filter(({ message }) => /speech_st/.test(String(message)))
    .map(({ atMs }) => (Math.floor((atMs - startMs) / 20) + 1) / 50);
}

describe('a decision of a live server', () => {
  it('counts at the audio position that it was made for, when it arrives at once', async () => {
    const { model, server } = openAiWorld({ script: SCRIPT });
    const [one, two] = await drive(model, 200);
    expect(changes(one)).toEqual([0.4, 1.2, 1.5, 2.6]);
    expect(changes(two)).toEqual([0.4, 1.2, 1.5, 2.6]);
    expect(server.stages).toHaveLength(2);
  });

  it('is late by the way there and back, rounded up to the step', async () => {
    const { model } = openAiWorld({ script: SCRIPT, latencyMs: 130 });
    const [one] = await drive(model, 200);
    expect(changes(one)).toEqual([0.52, 1.32, 1.62, 2.72]);
  });

  for (const seed of [1, 2, 3]) {
    it(`is exact to the step with jitter up to 200 ms (seed ${seed})`, async () => {
      const { model, server } = openAiWorld({ script: SCRIPT, latencyMs: 10, jitterMs: 200, seed });
      const [one] = await drive(model, 200);
      expect(changes(one)).toEqual(expected(server.stages[0]!));
      expect(changes(one)).not.toEqual([0.4, 1.2, 1.5, 2.6]);
    });
  }

  it('that arrives after the audio counts at its end', async () => {
    const { model } = openAiWorld({
      script: [
        { at_s: 0.1, floor: 1 },
        { at_s: 1, floor: 0 },
      ],
      latencyMs: 310,
    });
    const [one] = await drive(model, 50);
    expect(changes(one)).toEqual([0.4, 1]);
  });

  it('that is later than the grace does not count', async () => {
    const { model } = openAiWorld(
      {
        script: [
          { at_s: 0.1, floor: 1 },
          { at_s: 1, floor: 0 },
        ],
        latencyMs: 310,
      },
      0.2,
    );
    const [one] = await drive(model, 50);
    expect(changes(one)).toEqual([0.4]);
  });
});

describe('the audio of a live server', () => {
  it('is never ahead of the clock, and does not drift', async () => {
    const { model, server } = openAiWorld();
    await drive(model, 500);
    const { heard } = server.stages[0]!;
    expect(heard).toHaveLength(500);
    for (const [i, { atMs, heardS }] of heard.entries()) {
      expect(atMs - heard[0]!.atMs).toBeCloseTo(i * 20, 6);
      expect(heardS).toBeCloseTo((i + 1) * 0.02, 9);
    }
  });

  it('of conversations side by side does not begin in the same moment', async () => {
    const { model, server } = openAiWorld({ script: SCRIPT });
    const lanes = [model, model.lanes!.open(), model.lanes!.open()];
    const floors = await Promise.all(lanes.map((lane) => drive(lane, 140)));
    const begins = new Set(server.stages.map(({ heard }) => Math.floor(heard[0]!.atMs / 100)));
    expect(begins.size).toBe(3);
    for (const [one] of floors) expect(changes(one)).toEqual([0.4, 1.2, 1.5, 2.6]);
  });

  it('is refused before a session is opened when it is longer than a session lasts', () => {
    const { model, server } = openAiWorld();
    expect(() => model.live!.begin(50 * 60)).toThrow('longer than a session may last, 60 s');
    expect(server.stages).toHaveLength(0);
  });
});

describe('what a live server sends', () => {
  it('is kept with its own times, which lie elsewhere than the decision', async () => {
    const { model } = openAiWorld({ script: SCRIPT, latencyMs: 130 });
    await drive(model, 200);
    const { log } = await model.live!.end();
    const started = log.find(({ event, subject }) => subject === 2 && JSON.stringify(event).includes('speech_started'));
    expect(started).toMatchObject({ sentS: 0.52, arrivedMs: 510, event: { audio_start_ms: 100 } });
  });

  it('is kept when the session fails', async () => {
    const { model } = openAiWorld({ script: SCRIPT, fault: { kind: 'drop', atS: 1 } });
    await expect(drive(model, 200)).rejects.toThrow(/session of speaker [12]: the server closed the session/);
    const { log } = await model.live!.end();
    expect(log.some(({ event }) => JSON.stringify(event).includes('speech_started'))).toBe(true);
  });
});

describe('a live server that misbehaves fails its conversation', () => {
  for (const [kind, message] of [
    ['flat-error', 'the server reported an error: out of memory (runtime_append_failed)'],
    ['nested-error', 'the server reported an error: the session is too old (session_expired)'],
    ['garbage', `the server sent '{"type": "half an eve', not a JSON event`],
    ['flood', 'the server sent more than 1000 messages in a second'],
  ] as const) {
    it(`with the reason: ${kind}`, async () => {
      const { model, server } = openAiWorld({ fault: { kind, atS: 1 } });
      await expect(drive(model, 200)).rejects.toThrow(message);
      await model.live!.end();
      expect(server.closed).toEqual([true, true]);
    });
  }

  it('and the next one begins anew', async () => {
    const { model, server } = openAiWorld({ script: SCRIPT, fault: { kind: 'drop', atS: 3 } });
    await expect(drive(model, 200)).rejects.toThrow();
    await model.live!.end();
    const [one] = await drive(model, 140);
    expect(changes(one)).toEqual([0.4, 1.2, 1.5, 2.6]);
    expect(server.stages).toHaveLength(4);
  });
});

it('shows the key to nobody but the server', async () => {
  const { model, server } = openAiWorld({ script: SCRIPT });
  await drive(model, 50);
  const record = await model.live!.end();
  expect(server.headers[0]).toEqual({ authorization: `Bearer ${SECRET}` });
  expect(JSON.stringify(record)).not.toContain(SECRET);
});
