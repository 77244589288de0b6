import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VideoSources } from '../../src/core/conversation.js';
import type { DiscriminativeModel, ModelOptions } from '../../src/core/model.js';
import type { Speaker } from '../../src/core/speaker.js';
import { smartTurnMultimodal } from '../../src/models/smart-turn-multimodal.js';
import { smartTurnV3 } from '../../src/models/smart-turn-v3.js';
import { checkCausality } from '../../src/stream/causality.js';
import { driveConversation } from '../../src/stream/drive.js';
import { memoryAudio } from '../helpers/samples.js';
import { memoryVideo, timesAt } from '../helpers/video.js';
import { speech } from './listening.js';
import { changes, STEP, stepWith, voice } from './smart-turn/drawn.js';
import {
  featureNetwork,
  graphFolder,
  lengthNetwork,
  loudnessVad,
  meanNetwork,
  pixelNetwork,
} from './smart-turn/stand-ins.js';

const write = graphFolder();
const VAD = write('vad', loudnessVad());
const RATE = 16_000;

function load(model: string, options: ModelOptions = {}) {
  return smartTurnMultimodal.loadModel({ model, vad_model: VAD, ...options });
}

/** P(floor) of every step of both passes. */
async function answers(model: DiscriminativeModel, audio: Float32Array, video: VideoSources, other = audio) {
  const { tracks } = await driveConversation(model, memoryAudio(RATE, audio, other), { video });
  return ([1, 2] as const).map((subject: Speaker) => {
    const track = tracks[subject];
    if (track.kind !== 'probability') throw new Error('no probabilities');
    return [...track.pFloor];
  }) as [number[], number[]];
}

/** What the stand-in answers for red pixels of this byte, as P(floor). */
function ofByte(byte: number): number {
  return 1 - ((byte / 255 - 0.43216) / 0.22803 + 3) / 6;
}

/** No pixels at all. */
const ZERO = 0.5;

// chunks   |__ 40 __|## 20 ##|__ 10 __|## 12 ##|__ 20 __      two silences that are evaluated, at 2.12 s and 2.82 s
const audio = voice(['_', 40], ['#', 20], ['_', 10], ['#', 12], ['_', 20]);
const ASKED = [65, 87].map(stepWith);

/** P(floor) at the two evaluations, when the network answers one red pixel of frame `time` of the clip. */
async function seenAt(time: number, video: VideoSources): Promise<number[]> {
  const model = await load(write(`red-${time}`, pixelNetwork(0, time, 50, 60)));
  const [subject] = await answers(model, audio, video);
  await model.close?.();
  return ASKED.map((end) => subject[end / STEP - 1]!);
}

/** Frames whose time has passed at the two evaluations: in these videos frame i is full of bytes i. */
function framesBy(timesS: readonly number[]): number[] {
  return ASKED.map((end) => timesS.filter((timeS) => timeS <= end / RATE).length);
}

describe('smart-turn-multimodal', () => {
  it('asks when smart-turn-v3 asks, and hears what it hears', async () => {
    const v3 = await smartTurnV3.loadModel({ model: write('deaf', featureNetwork(40, 780)), vad_model: VAD });
    const expected = await answers(v3, audio, {});
    const model = await load(write('seeing', featureNetwork(40, 780, true)));
    expect(changes(expected[0]).map(([end]) => end)).toEqual([45, 65, 75, 87].map(stepWith));
    expect(await answers(model, audio, { 1: memoryVideo(timesAt(25, 200)) })).toEqual(expected);
    await v3.close?.();
    await model.close?.();
  });

  for (const rate of [12, 25, 29.97, 60]) {
    it(`is shown the newest 32 of the frames whose time has passed, at ${rate} per second`, async () => {
      const times = timesAt(rate, 250);
      const counts = framesBy(times);
      for (const time of [0, 15, 31]) {
        const shown = counts.map((count) => Math.min(Math.max(0, count - 32) + time, count - 1));
        const seen = await seenAt(time, { 1: memoryVideo(times) });
        expect(seen).toEqual(shown.map((byte) => expect.closeTo(ofByte(byte), 5)));
      }
    });
  }

  it('is shown the last frame again when there are fewer than 32, and zeros when there are none', async () => {
    // The first frame comes at 2.2 s, between the evaluations; there are ten of them until the second.
    const times = timesAt(15, 10, 2.2);
    expect(framesBy(times)).toEqual([0, 10]);
    expect(await seenAt(0, { 1: memoryVideo(times) })).toEqual([ZERO, expect.closeTo(ofByte(0), 5)]);
    for (const time of [9, 10, 31]) {
      expect(await seenAt(time, { 1: memoryVideo(times) })).toEqual([ZERO, expect.closeTo(ofByte(9), 5)]);
    }
  });

  it('keeps what it saw last when a video ends before the audio', async () => {
    const times = timesAt(25, 40);
    for (const [time, byte] of [
      [0, 8],
      [31, 39],
    ] as const) {
      const seen = await seenAt(time, { 1: memoryVideo(times) });
      expect(seen).toEqual([expect.closeTo(ofByte(byte), 5), expect.closeTo(ofByte(byte), 5)]);
    }
  });

  it('looks at the subject alone, and sees zeros where the subject has no video', async () => {
    expect(await seenAt(31, {})).toEqual([ZERO, ZERO]);
    expect(await seenAt(31, { 2: memoryVideo(timesAt(25, 200)) })).toEqual([ZERO, ZERO]);
  });

  it('asks for frames of 112 × 112, which smart-turn-v3 does not', async () => {
    const model = await load(write('mean', meanNetwork(true)));
    expect(model.video).toEqual({ width: 112, height: 112 });
    await model.close?.();
    const v3 = await smartTurnV3.loadModel({ model: write('heard', meanNetwork()), vad_model: VAD });
    expect(v3.video).toBeUndefined();
    await v3.close?.();
  });

  const talk = speech().subarray(0, 7 * RATE);
  const backwards = talk.slice().reverse();
  const video = { 1: memoryVideo(timesAt(25, 150)), 2: memoryVideo(timesAt(30, 100)) };

  for (const policy of ['pipecat', 'turnbench']) {
    it(`answers both passes at once as it answers them apart, to the bit (${policy})`, async () => {
      const options = { policy, vad_stop_s: 0.2, repeat_for_s: 0.2 };
      const model = await smartTurnMultimodal.loadModel({ model: write('mean', meanNetwork(true)), ...options });
      const { stepBoth: _, ...single } = model;
      const apart = await answers(single, talk, video, backwards);
      expect(new Set(apart.flat()).size).toBeGreaterThan(3);
      expect(await answers(model, talk, video, backwards)).toEqual(apart);
      expect(await answers(model, talk, {}, backwards)).not.toEqual(apart);
      expect(await answers(model, talk, video, backwards)).toEqual(apart);
      await model.close?.();
    });
  }

  it('does not look ahead', async () => {
    const model = await smartTurnMultimodal.loadModel({ model: write('mean', meanNetwork(true)), vad_stop_s: 0.1 });
    const start = talk.subarray(0, 4 * RATE);
    const report = await checkCausality(model, memoryAudio(RATE, start, backwards), { cuts: 2, seed: 3, video });
    expect(report.violation).toBeUndefined();
    await model.close?.();
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a wrong file', () => {
  it('is refused by its inputs, and the model that takes them is named', async () => {
    const wanted = /expected input_features, pixel_values → logits$/;
    for (const network of [featureNetwork(0, 0), lengthNetwork()]) {
      await expect(load(write('deaf', network))).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(wanted),
        hint: 'this network does not see: use -m smart-turn-v3',
      });
    }
    await expect(load(VAD)).rejects.toMatchObject({
      message: expect.stringMatching(/vad\.onnx has the inputs input, state, sr .*pixel_values → logits$/),
      hint: expect.stringContaining('is it a Smart Turn Multimodal network?'),
    });
  });

  it('is a prerequisite when it has not been fetched, and the message says how', async () => {
    vi.stubEnv('TURNBENCH_CACHE', 'no-such-folder');
    const missing = smartTurnMultimodal.loadModel({ version: 'gpu' });
    await expect(missing).rejects.toMatchObject({
      exitCode: 5,
      message: 'the weights smart-turn-multimodal-gpu.onnx are not there',
      hint: expect.stringContaining('turnbench models pull smart-turn-multimodal-gpu'),
    });
  });
});
