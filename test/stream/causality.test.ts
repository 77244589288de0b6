import { describe, expect, it } from 'vitest';
import type { AudioSource } from '../../src/core/conversation.js';
import type { DiscriminativeModel } from '../../src/core/model.js';
import type { VideoFrame, VideoReader, VideoSource } from '../../src/core/video.js';
import { checkCausality } from '../../src/stream/causality.js';
import { memoryAudio, noise } from '../helpers/samples.js';
import { memoryVideo, timesAt } from '../helpers/video.js';
import { energy, modelOf } from './models.js';

const SECONDS = 2;
const THRESHOLDS = [0.2, 0.3, 0.4];

function conversation(sampleRateHz = 8000): AudioSource {
  return memoryAudio(sampleRateHz, noise(SECONDS * sampleRateHz, 1), noise(SECONDS * sampleRateHz, 2));
}

/** The step `ahead` steps later, reached around the view through the buffer that holds the whole block. */
function later(view: Float32Array, ahead: number): Float32Array {
  const offset = view.byteOffset + ahead * view.byteLength;
  return offset < view.buffer.byteLength ? new Float32Array(view.buffer, offset, view.length) : view;
}

type Form = 'bit' | 'bits' | 'pFloor';

/** Decides by the energy of the step that is `ahead` steps later: honest with 0. */
function listener(form: Form, ahead: number): DiscriminativeModel {
  const answers = {
    bit: (p: number) => (p > 0.3 ? 1 : 0),
    bits: (p: number) => THRESHOLDS.map((threshold) => (p > threshold ? 1 : 0)),
    pFloor: (pFloor: number) => ({ pFloor }),
  };
  const rest = form === 'bits' ? { thresholds: THRESHOLDS } : {};
  return modelOf((subject) => answers[form](Math.min(1, energy(later(subject, ahead)))), rest);
}

describe('checkCausality', () => {
  it.each<Form>(['bit', 'bits', 'pFloor'])('finds nothing in an honest model that answers %s', async (form) => {
    for (const rate of [8000, 16_000, 11_025]) {
      const report = await checkCausality(listener(form, 0), conversation(rate), { cuts: 6 });
      expect(report.violation).toBeUndefined();
      expect(report.cuts.length).toBe(6);
    }
  });

  it('reports the first decision that a cheating model took with knowledge of the future', async () => {
    const { violation, cuts } = await checkCausality(listener('pFloor', 5), conversation(), { cuts: 5, seed: 3 });

    // Decisions from five steps before the cut on have heard what was replaced.
    expect(cuts).toContain(violation?.cutStep);
    expect(violation).toMatchObject({ subject: 1, step: (violation?.cutStep ?? 0) - 5 });
    expect(violation?.expected).not.toEqual(violation?.got);
  });

  it.each<Form>(['bit', 'bits'])('finds a cheating model that answers %s', async (form) => {
    const { violation } = await checkCausality(listener(form, 20), conversation(), { cuts: 20 });

    expect(violation?.step).toBeLessThan(violation?.cutStep ?? 0);
    expect(violation?.expected).not.toEqual(violation?.got);
  });

  it('finds a model that looks ahead by a single step, at another rate than the audio', async () => {
    const { violation } = await checkCausality(listener('pFloor', 1), conversation(16_000), { cuts: 3 });

    expect(violation?.step).toBe((violation?.cutStep ?? 0) - 1);
  });

  it('finds a model that reaches around a frame, through the buffer that it shares with later ones', async () => {
    const shared = Uint8Array.from({ length: 3 * 50 }, (_, i) => i / 3);
    const video: VideoSource = {
      open: (size) => {
        const reader = memoryVideo(timesAt(25, 50)).open(size) as VideoReader;
        const share = ({ timeS, rgb }: VideoFrame) => ({ timeS, rgb: shared.subarray(3 * rgb[0]!, 3 * rgb[0]! + 3) });
        return { ...reader, read: async (untilS) => (await reader.read(untilS)).map(share) };
      },
    };
    /** Decides by the last frame of the other, or by the one that is `ahead` frames later. */
    const watcher = (ahead: number) =>
      modelOf(() => 0, {
        video: { width: 1, height: 1 },
        step(_subject, _other, seen) {
          const rgb = seen?.other?.at(-1)?.rgb;
          const reached = rgb && new Uint8Array(rgb.buffer)[rgb.byteOffset + 3 * ahead];
          return { pFloor: (reached ?? 0) / 255 };
        },
      });
    const check = (ahead: number) => checkCausality(watcher(ahead), conversation(), { cuts: 6, video: { 2: video } });

    expect((await check(0)).violation).toBeUndefined();
    expect((await check(5)).violation).toMatchObject({ subject: 1, cutStep: expect.any(Number) });
  });

  it('tells a model that is not repeatable from one that sees the future', async () => {
    let calls = 0;
    const leaking = modelOf(() => ({ pFloor: 1 / (1 + calls++) }));
    const { violation } = await checkCausality(leaking, conversation());

    expect(violation).toEqual({ subject: 1, step: 0, expected: { pFloor: 1 }, got: { pFloor: 1 / 201 } });
  });

  it('chooses the same moments for the same seed, others for another', async () => {
    const cuts = async (seed: number) =>
      (await checkCausality(listener('bit', 0), conversation(), { cuts: 8, seed })).cuts;

    expect(await cuts(1)).toEqual(await cuts(1));
    expect(await cuts(1)).not.toEqual(await cuts(2));
    expect((await cuts(1)).every((cut, i, all) => cut > (all[i - 1] ?? 0) && cut < SECONDS * 50)).toBe(true);
  });

  it('counts its runs', async () => {
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
    await checkCausality(listener('bit', 0), conversation(), { cuts: 2, onProgress });

    expect(progress).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it('needs two steps', async () => {
    const short = memoryAudio(8000, new Float32Array(300), new Float32Array(300));

    await expect(checkCausality(listener('bit', 0), short)).rejects.toThrow('causality cannot be checked on 1 steps');
  });
});
