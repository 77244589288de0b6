import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel, SeenFrames, StepVideo } from '../../src/core/model.js';
import type { PerSpeaker } from '../../src/core/speaker.js';
import { stepEndS } from '../../src/core/time.js';
import { type DriveOptions, driveConversation } from '../../src/stream/drive.js';
import { traced } from '../../src/stream/trace.js';
import { memoryAudio } from '../helpers/samples.js';
import { memoryVideo, timesAt } from '../helpers/video.js';

const SIZE = { width: 2, height: 1 };

function silence(seconds: number) {
  const samples = new Float32Array(8000 * seconds);
  return memoryAudio(8000, samples, samples);
}

/** Remembers what it was handed in every step of every pass. */
function onlooker(rest: Partial<DiscriminativeModel> = {}) {
  const passes: (StepVideo | undefined)[][] = [];
  const model: DiscriminativeModel = {
    inputSampleRate: 8000,
    video: SIZE,
    reset: () => void passes.push([]),
    step: (_subject, _other, video) => {
      passes.at(-1)!.push(video);
      return 0;
    },
    ...rest,
  };
  return { model, passes };
}

const timesOf = (seen: SeenFrames | undefined) => seen?.map(({ timeS }) => timeS);

async function watched(timesS: readonly number[], seconds: number) {
  const { model, passes } = onlooker();
  await driveConversation(model, silence(seconds), { video: { 1: memoryVideo(timesS) } });
  return passes[0]!.map((step) => timesOf(step?.subject) ?? []);
}

describe('a model that sees', () => {
  it('is handed a frame in the step by whose end its time has passed', async () => {
    // steps end at 20, 40, 60 and 80 ms; 30 frames per second are due at 0, 33.3 and 66.7 ms
    expect(await watched([0, 1 / 30, 2 / 30], 0.08)).toEqual([[0], [1 / 30], [], [2 / 30]]);
  });

  it('is handed a frame that is due at the very end of a step with that step', async () => {
    // 25 frames per second: every second step ends with one
    expect(await watched(timesAt(25, 4), 0.12)).toEqual([[0], [0.04], [], [0.08], [], [0.12]]);
  });

  it('is handed several frames at once when they are faster than the clock, and all from before the start', async () => {
    expect(await watched([-0.02, -0.01, 0, 0.01, 0.02, 0.03], 0.04)).toEqual([[-0.02, -0.01, 0, 0.01, 0.02], [0.03]]);
  });

  it('never gets a frame early, late or twice, at any rate and start', async () => {
    const starts = fc.double({ min: -0.5, max: 2.5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), starts, async (rate, startS) => {
        const timesS = timesAt(rate, 3 * rate, startS);
        const steps = await watched(timesS, 2.5);
        expect(steps.flat()).toEqual(timesS.filter((timeS) => timeS <= 2.5));
        for (const [step, seen] of steps.entries()) {
          for (const timeS of seen) {
            expect(timeS).toBeLessThanOrEqual(stepEndS(step));
            if (step > 0) expect(timeS).toBeGreaterThan(stepEndS(step - 1));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('sees the subject as subject in both passes, and nobody who has no video', async () => {
    const { model, passes } = onlooker();
    await driveConversation(model, silence(1.5), { video: { 2: memoryVideo([0.5, 1.2]) } });
    const [first, second] = passes;
    expect(first).toHaveLength(75);
    expect(first!.every((step) => step?.subject === null)).toBe(true);
    expect(first!.flatMap((step) => timesOf(step?.other))).toEqual([0.5, 1.2]);
    expect(second!.flatMap((step) => timesOf(step?.subject))).toEqual([0.5, 1.2]);
    expect(second!.every((step) => step?.other === null)).toBe(true);
  });

  it('gets nulls when there is no video at all', async () => {
    const { model, passes } = onlooker();
    await driveConversation(model, silence(0.04));
    expect(passes[0]).toEqual([
      { subject: null, other: null },
      { subject: null, other: null },
    ]);
  });

  it('is handed the same in a joint step, and through a trace', async () => {
    const video = { 1: memoryVideo(timesAt(30, 60)), 2: memoryVideo(timesAt(25, 50, 0.3)) };
    const single = onlooker();
    await driveConversation(single.model, silence(2), { video });
    const joint: (PerSpeaker<SeenFrames> | undefined)[] = [];
    const { model } = onlooker({
      stepBoth: (_one, _two, seen) => {
        joint.push(seen);
        return [0, 0];
      },
    });
    await driveConversation(traced(model), silence(2), { video });
    expect(joint.map((seen) => ({ subject: seen?.[1], other: seen?.[2] }))).toEqual(single.passes[0]);
    const traces = onlooker();
    await driveConversation(traced(traces.model), silence(2), { video });
    expect(traces.passes).toEqual(single.passes);
  });

  it('may keep the pixels of a frame', async () => {
    const { model, passes } = onlooker();
    await driveConversation(model, silence(2), { video: { 1: memoryVideo(timesAt(2, 4)) } });
    const kept = passes[0]!.flatMap((step) => step?.subject ?? []).map(({ rgb }) => rgb[0]);
    expect(kept).toEqual([0, 1, 2, 3]);
  });
});

describe('video', () => {
  it('that breaks because the run is stopped is not what a stopped run complains about', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const open = () => ({
      read: () => {
        // Ctrl-C ends the decoder and this process alike.
        stop.abort(reason);
        throw new Error('broken');
      },
      close: async () => undefined,
    });
    const driven = driveConversation(onlooker().model, silence(1), { signal: stop.signal, video: { 1: { open } } });
    await expect(driven).rejects.toBe(reason);
  });

  it('is not opened for a model that does not ask for it, and no third argument is passed', async () => {
    const video = memoryVideo([0]);
    const argumentCounts = new Set<number>();
    const model: DiscriminativeModel = {
      inputSampleRate: 8000,
      reset() {},
      step(...given: unknown[]) {
        argumentCounts.add(given.length);
        return 0;
      },
    };
    await driveConversation(model, silence(0.1), { video: { 1: video } });
    expect([video.opened, [...argumentCounts]]).toEqual([0, [2]]);
  });

  it.each(['the model throws', 'the run is aborted', 'it cannot be read', 'the other cannot be opened', 'nothing'])(
    'is closed after a pass in which %s happens',
    async (event) => {
      const first = memoryVideo(timesAt(30, 90));
      const second = memoryVideo(timesAt(30, 90));
      const fail = () => {
        throw new Error('broken');
      };
      const stop = new AbortController();
      const { model } = onlooker({
        step: () => {
          if (event === 'the model throws') fail();
          if (event === 'the run is aborted') stop.abort();
          return 0;
        },
      });
      const unreadable = { open: () => ({ read: fail, close: async () => undefined }) };
      const options: DriveOptions = {
        signal: stop.signal,
        video: {
          1: first,
          2:
            event === 'it cannot be read'
              ? unreadable
              : event === 'the other cannot be opened'
                ? { open: fail }
                : second,
        },
      };
      const driven = driveConversation(model, silence(3), options);
      await (event === 'nothing' ? driven : expect(driven).rejects.toThrow());
      expect([first.opened > 0, first.unclosed, second.unclosed]).toEqual([true, 0, 0]);
    },
  );
});
