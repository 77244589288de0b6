import { describe, expect, it } from 'vitest';
import { LiveText, whisperLiveKit } from '../../../src/models/asr/whisperlivekit.js';
import type { FakeProtocol, FakeSettings, Stage } from '../../../src/peers/fake/stage.js';
import { liveModel } from '../../../src/peers/live-model.js';
import { fromPcm16 } from '../../../src/peers/pcm.js';
import { changes, drive, JumpingClock, memoryServer } from '../../peers/world.js';

type Update = Readonly<Record<string, unknown>>;

/** Says each update as soon as it has heard so much, s. */
function fake(updates: readonly (readonly [number, Update])[], config: Update): FakeProtocol {
  return {
    path: '/asr',
    accept(stage: Stage) {
      let next = 0;
      stage.say({ type: 'config', ...config });
      return {
        onMessage(message) {
          if (typeof message === 'string') return;
          if (message.length === 0) return stage.say({ type: 'ready_to_stop' });
          stage.hear(fromPcm16(message), 16_000);
          while (next < updates.length && updates[next]![0] <= stage.heardS + 1e-9) stage.say(updates[next++]![1]);
        },
      };
    },
  };
}

function world(
  updates: readonly (readonly [number, Update])[],
  config: Update = { useAudioWorklet: true },
  settings: FakeSettings = {},
) {
  const clock = new JumpingClock();
  const server = memoryServer(fake(updates, config), clock, settings);
  const endpoint = { silence: 15, unfinishedSilence: 15, onset: 'stable' as const };
  const protocol = whisperLiveKit({ url: 'ws://127.0.0.1/asr?mode=full', headers: {}, endpoint });
  const about = { address: 'here', isPaid: false, conversationsAtOnce: 1, longestSessionS: 60, connectTimeoutS: 1 };
  const model = liveModel(protocol, { ...about, graceS: 3 }, { clock, connect: server.connect });
  return { model, server };
}

function full(stable: readonly string[], tentative = ''): Update {
  const lines = stable.map((text) => ({ speaker: text === '' ? -2 : 1, text, start: '0:00:01.00', end: '0:00:02.00' }));
  return { status: 'active_transcription', lines, buffer_transcription: tentative };
}

//   heard s       1.0       1.5            2.5                3.5
//   stable        -         so             so it is           so it is, silence
//   tentative     so        it             -                  -
const FULL = [
  [1, full([], 'so')],
  [1.5, full(['so'], 'it')],
  [2.5, full(['so it is'])],
  [3.5, full(['so it is', ''])],
] as const;
const DIFF = [
  [0.5, { type: 'snapshot', seq: 1, ...full([]) }],
  [1, { type: 'diff', seq: 2, status: 'active_transcription', n_lines: 0, buffer_transcription: 'so' }],
  [1.5, { type: 'diff', seq: 3, n_lines: 1, new_lines: [{ speaker: 1, text: 'so' }], buffer_transcription: 'it' }],
  [2.5, { type: 'diff', seq: 4, n_lines: 1, new_lines: [{ speaker: 1, text: 'so it is' }], buffer_transcription: '' }],
  [3.5, { type: 'diff', seq: 5, n_lines: 1, lines_pruned: 1, new_lines: [{ speaker: -2, text: '' }] }],
] as const;

describe('a WhisperLiveKit server', () => {
  it.each([
    ['full', FULL],
    ['diff', DIFF],
  ] as const)(
    'holds the floor with its stable words in %s mode, and gives it back 0.3 s after the last',
    async (_, updates) => {
      const { model, server } = world(updates);
      const [one, two] = await drive(model, 250);
      // The update at 1.5 s is heard in the step that sends the audio up to there.
      expect(changes(one)).toEqual([1.5, 2.8]);
      expect(changes(two)).toEqual([1.5, 2.8]);
      // All audio, in messages of 0.1 s, and the end.
      expect(server.received[0]!.map(({ length }) => length)).toEqual([...Array(50).fill(3200), 0]);
      await model.close?.();
    },
  );

  it('is believed when its message arrives, not when it was sent', async () => {
    const { model } = world(FULL, { useAudioWorklet: true }, { latencyMs: 210 });
    const [one] = await drive(model, 250);
    // The audio up to 1.5 s leaves at 1.48 s of the clock; at 1.69 s the step under way ends at 1.7 s.
    expect(changes(one)).toEqual([1.7, 3]);
    await model.close?.();
  });

  it('that wants compressed audio is refused with what to do', async () => {
    const { model } = world(FULL, { useAudioWorklet: false });
    await expect(drive(model, 50)).rejects.toMatchObject({
      message: expect.stringContaining('wants compressed audio'),
      hint: 'start WhisperLiveKit with --pcm-input',
    });
  });

  it('that reports an error fails the conversation', async () => {
    const { model } = world([[1, { status: 'error', error: 'FFmpeg is missing', lines: [] }]]);
    await expect(drive(model, 100)).rejects.toThrow('the server reported an error: FFmpeg is missing');
  });

  it('that sends something else fails the conversation', async () => {
    const { model } = world([], { useAudioWorklet: true }, { fault: { kind: 'garbage', atS: 0.5 } });
    await expect(drive(model, 100)).rejects.toThrow('not a JSON object');
  });
});

describe('what a WhisperLiveKit server says', () => {
  const texts = (words: readonly { text: string }[]) => words.map(({ text }) => text).join(' ');

  it('brings the words that are new among the stable ones', () => {
    const text = new LiveText();
    expect(texts(text.update(full(['one two'], 'three')))).toBe('one two');
    expect(texts(text.tentative)).toBe('three');
    expect(texts(text.update(full(['one two', '', 'three'])))).toBe('three');
    // Written anew, without more words.
    expect(text.update(full(['One, two.', '', 'Three!']))).toEqual([]);
  });

  it('does not count words again that have left at the front', () => {
    const text = new LiveText();
    text.update({ type: 'snapshot', seq: 7, ...full(['a b', 'c']) });
    const pruned = { type: 'diff', seq: 8, n_lines: 2, lines_pruned: 1, new_lines: [{ speaker: 1, text: 'd' }] };
    expect(texts(text.update(pruned))).toBe('d');
  });

  it('is not believed when an update is missing', () => {
    const text = new LiveText();
    text.update({ type: 'snapshot', seq: 1, ...full([]) });
    expect(() => text.update({ type: 'diff', seq: 3, n_lines: 0 })).toThrow('update 3 after 1: one is missing');
  });
});
