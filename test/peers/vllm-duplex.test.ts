import { describe, expect, it } from 'vitest';
import type { FakeSettings, ScriptedChange } from '../../src/peers/fake/stage.js';
import { fakeVllmDuplex, type Generation } from '../../src/peers/fake/vllm-duplex.js';
import { liveModel } from '../../src/peers/live-model.js';
import { vllmDuplex } from '../../src/peers/vllm-duplex.js';
import { changes, drive, JumpingClock, memoryServer } from './world.js';

function duplexWorld(settings: FakeSettings = {}, generation: Generation = 'current', session: object = {}) {
  const clock = new JumpingClock();
  const server = memoryServer(fakeVllmDuplex(generation), clock, settings);
  const silence = { rms: 0.01, s: 0.2 };
  const protocol = vllmDuplex({
    url: 'ws://127.0.0.1/v1/realtime?duplex=1',
    headers: {},
    session: { ...session },
    silence,
  });
  const about = { address: 'here', isPaid: false, conversationsAtOnce: 1, longestSessionS: 60, connectTimeoutS: 1 };
  const model = liveModel(protocol, { ...about, graceS: 1 }, { clock, connect: server.connect });
  return { server, model };
}

/** The subject speaks from 0.3 to 2 s; the model answers at 2.5 s with a tone of 2 s. */
const TURN = [{ startS: 0.3, endS: 2 }];
const ANSWER: readonly ScriptedChange[] = [{ at_s: 2.5, floor: 0 }];

describe("the subject's floor with a model that speaks", () => {
  for (const generation of ['current', 'pr-3907'] as const) {
    it(`falls when the model is heard and rises when it has finished (events: ${generation})`, async () => {
      //   subject  0.3 |-----| 2.0
      //   model                  2.5 |---tone---| 4.5
      const { model } = duplexWorld({ script: ANSWER }, generation);
      const [one] = await drive(model, 300, TURN);
      // It listens from its first unit on.
      expect(changes(one)).toEqual([1, 2.5, 4.5]);
      const { agent } = await model.live!.end();
      expect(agent![1]).toEqual([{ startS: 2.5, endS: 4.5 }]);
    });
  }

  it('rises when the model gives way, and the rest of its answer is not heard', async () => {
    //   subject  0.3 |-----| 2.0          3.1 |--...
    //   model                  2.5 |--tone---x 3.3
    const script = [...ANSWER, { at_s: 3.3, floor: 1 }] as const;
    const { model, server } = duplexWorld({ script });
    const [one] = await drive(model, 300, [...TURN, { startS: 3.1, endS: 4 }]);
    expect(changes(one)).toEqual([1, 2.5, 3.3]);
    const { agent } = await model.live!.end();
    expect(agent![1]).toEqual([{ startS: 2.5, endS: 3.3 }]);
    const truncated = server.received[0]!.find((message) => String(message).includes('truncate'));
    expect(JSON.parse(String(truncated))).toMatchObject({ type: 'playback.ack', played_ms: 800, committed_ms: 800 });
  });

  it('stays when the model speaks into the speech of the subject', async () => {
    //   subject  0.3 |-------------------| 3.5
    //   model              1.5 |---tone----| 3.5
    const { model } = duplexWorld({ script: [{ at_s: 1.5, floor: 0 }] });
    const [one, two] = await drive(model, 250, [{ startS: 0.3, endS: 3.5 }]);
    expect(changes(one)).toEqual([1]);
    // The session of the silent speaker 2 hears the same decision without any speech.
    expect(changes(two)).toEqual([1, 1.5, 3.5]);
  });

  it('follows decisions with the way there and back, to the step', async () => {
    const { model, server } = duplexWorld({ script: ANSWER, latencyMs: 30, jitterMs: 170, seed: 4 });
    const [one] = await drive(model, 300, TURN);
    const { heard, said } = server.stages[0]!;
    const spoke = said.find(({ message }) => String(message).includes('response.speak'))!;
    expect(changes(one)[1]).toBe((Math.floor((spoke.atMs - heard[0]!.atMs) / 20) + 1) / 50);
  });
});

describe('a duplex session', () => {
  it('acknowledges what was played while it is played', async () => {
    const { model, server } = duplexWorld({ script: ANSWER });
    await drive(model, 300, TURN);
    const acks = server.received[0]!.map((message) => JSON.parse(String(message))).filter(
      ({ type }) => type === 'playback.ack',
    );
    expect(acks.map(({ played_ms }) => played_ms)).toEqual([200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]);
    expect(acks[0]).toMatchObject({ response_id: 'response-1', item_id: 'item-1' });
  });

  it('is closed in the manner of the protocol', async () => {
    const { model, server } = duplexWorld();
    await drive(model, 50);
    await model.live!.end();
    expect(JSON.parse(String(server.received[0]!.at(-1)))).toEqual({ type: 'session.close' });
    expect(server.closed).toEqual([true, true]);
  });

  it('goes on in silence for the grace, and what is said then is no event of the conversation', async () => {
    const { model, server } = duplexWorld({ script: ANSWER });
    const [one] = await drive(model, 110, TURN);
    expect(changes(one)).toEqual([1]);
    expect(server.stages[0]!.heardS).toBeCloseTo(3.2, 6);
    const { agent } = await model.live!.end();
    expect(agent![1]).toEqual([{ startS: 2.5, endS: 3.5 }]);
  });

  it('that the model refuses before it is bound is told with its remedy', async () => {
    const { model } = duplexWorld({}, 'current', { model: 'openbmb/MiniCPM-o' });
    await expect(drive(model, 50)).rejects.toMatchObject({
      message: expect.stringContaining('a reference voice is required (ref_audio_required)'),
      hint: expect.stringContaining('ref_audio='),
    });
  });
});
