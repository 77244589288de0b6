import { describe, expect, it } from 'vitest';
import { echoStream } from '../../src/peers/echostream.js';
import { fakeEchoStream } from '../../src/peers/fake/echostream.js';
import type { FakeSettings } from '../../src/peers/fake/stage.js';
import { liveModel } from '../../src/peers/live-model.js';
import { changes, drive, JumpingClock, memoryServer } from './world.js';

function echoWorld(settings: FakeSettings = {}) {
  const clock = new JumpingClock();
  const server = memoryServer(fakeEchoStream, clock, settings);
  const segment = { rms: 0.01, silenceS: 0.5 };
  const protocol = echoStream({ url: 'ws://127.0.0.1/ws', headers: {}, segment });
  const about = { address: 'here', isPaid: false, conversationsAtOnce: 1, longestSessionS: 60, connectTimeoutS: 1 };
  const model = liveModel(protocol, { ...about, graceS: 3 }, { clock, connect: server.connect });
  return { server, model };
}

const isText = (message: unknown) => typeof message === 'string';

describe('a speech translator', () => {
  it('takes the floor when its answer is heard, one connection per utterance', async () => {
    //   subject  0.5 |----| 1.5          4.0 |---| 4.6
    //   END                2.00                   5.10
    //   answer             2.08 |-----|           5.18 |--
    const { model, server } = echoWorld({ latencyMs: 90 });
    const [one, two] = await drive(model, 400, [
      { startS: 0.5, endS: 1.5 },
      { startS: 4, endS: 4.6 },
    ]);
    expect(changes(one)).toEqual([0.52, 2.08, 4.02, 5.18]);
    expect(changes(two)).toEqual([]);
    // Both sessions tried the server first.
    expect(server.stages).toHaveLength(4);
    const { agent } = await model.live!.end();
    expect(agent![1].map(({ startS }) => startS)).toEqual([2.08, 5.18]);
  });

  it('hears the utterance with what was before it, in messages that it does not skip', async () => {
    const { model, server } = echoWorld();
    await drive(model, 200, [{ startS: 1, endS: 1.7 }]);
    const sent = server.received[2]!;
    expect(sent.filter(isText)).toEqual(['END']);
    const sounds = sent.filter((message) => !isText(message));
    expect(sounds.every(({ length }) => length >= 1600)).toBe(true);
    // 0.2 s before, 0.7 s of speech, the silence but for the step that ends it; whole messages of 0.06 s.
    expect(server.stages[2]!.heardS).toBeCloseTo(1.38, 6);
  });

  it('that is asked at the very end is waited for', async () => {
    const { model } = echoWorld({ latencyMs: 490 });
    const [one] = await drive(model, 100, [{ startS: 0.5, endS: 2 }]);
    expect(changes(one)).toEqual([0.52]);
    const { agent } = await model.live!.end();
    expect(agent![1][0]!.startS).toBeCloseTo(2.98, 6);
  });

  it('that complains, or leaves before its answer, fails the conversation', async () => {
    const loud = [{ startS: 0.5, endS: 3 }];
    const complaining = echoWorld({ fault: { kind: 'flat-error', atS: 1 } });
    await expect(drive(complaining.model, 200, loud)).rejects.toThrow('the server reported an error: out of memory');
    const leaving = echoWorld({ fault: { kind: 'drop', atS: 1 } });
    await expect(drive(leaving.model, 200, loud)).rejects.toThrow('before it had answered an utterance');
  });
});
