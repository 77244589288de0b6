import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AudioSource } from '../../src/core/conversation.js';
import type { DiscriminativeModel, ModelOptions } from '../../src/core/model.js';
import { SPEAKERS, type Speaker } from '../../src/core/speaker.js';
import { loadModel } from '../../src/models/catalogue.js';
import { buildMimiEndpointer } from '../../src/models/mimi/build.js';
import { checkCausality } from '../../src/stream/causality.js';
import { type DriveResult, driveConversation } from '../../src/stream/drive.js';
import {
  audioTensor,
  FIXTURES,
  floats,
  inputChunk,
  numbersOf,
  runChunk,
  TINY,
  tinySources,
  tinyStages,
} from './mimi/tiny.js';

const STEP = 480;
const recorded = floats('input.f32');
const SAMPLES = recorded.length / 2;
const STEPS = SAMPLES / STEP;
const channels = [recorded.subarray(0, SAMPLES), recorded.subarray(SAMPLES)] as const;

/** The recording as the harness reads a file. */
const audio: AudioSource = {
  sampleRateHz: 24_000,
  length: SAMPLES,
  open() {
    let at = 0;
    return {
      read(into) {
        const count = Math.min(into[1].length, SAMPLES - at);
        into[1].set(channels[0].subarray(at, at + count));
        into[2].set(channels[1].subarray(at, at + count));
        at += count;
        return count;
      },
      close() {},
    };
  },
};

let folder: string;
const open: DiscriminativeModel[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mimi-endpointer-'));
  const sources = { mimi: `${FIXTURES}/mimi.safetensors`, checkpoint: `${FIXTURES}/checkpoint.pt` };
  await buildMimiEndpointer({ ...sources, constants: TINY, folder });
});

afterAll(async () => {
  for (const model of open) await model.close?.();
  rmSync(folder, { recursive: true });
});

async function load(options: ModelOptions = {}): Promise<DiscriminativeModel> {
  const model = await loadModel('mimi-endpointer', { model: folder, ...options });
  open.push(model);
  return model;
}

function pFloor({ tracks }: DriveResult, subject: Speaker): number[] {
  const track = tracks[subject];
  if (track.kind !== 'probability') throw new Error('no probabilities');
  return [...track.pFloor];
}

describe('mimi-endpointer', () => {
  it('answers the reference’s P(user) of the later frame on every fourth step, and holds it in between', async () => {
    const answers = pFloor(await driveConversation(await load(), audio), 1);
    const softmax = floats('expected-softmax.f32'); // [chunks, 2 frames, 5 classes]
    expect(answers).toHaveLength(STEPS);
    for (const [step, answer] of answers.entries()) {
      const chunk = Math.floor((step + 1) / 4) - 1;
      const expected = chunk < 0 ? 0 : softmax[(chunk * 2 + 1) * 5 + 4]!;
      expect(Math.abs(answer - expected), `step ${step}`).toBeLessThan(1e-5);
    }
  });

  it('in 20 ms steps answers exactly what the networks say when fed whole codec frames', async () => {
    const answers = pFloor(await driveConversation(await load(), audio), 2);
    const stages = await tinyStages(tinySources(), 2);
    for (let chunk = 0; chunk < STEPS / 4; chunk++) {
      const { probabilities } = await runChunk(stages, { audio: audioTensor(inputChunk(chunk)) });
      // Row 1 (speaker 2 as subject), later frame, class "user".
      expect(answers[4 * chunk + 3]).toBe(numbersOf(probabilities!)[(1 * 2 + 1) * 5 + 4]);
    }
  });

  it('answers both passes from one run exactly as two passes do', async () => {
    const model = await load();
    const joint = await driveConversation(model, audio);
    const { stepBoth: _, ...alone } = model;
    const separate = await driveConversation(alone, audio);
    for (const subject of SPEAKERS) expect(pFloor(joint, subject)).toEqual(pFloor(separate, subject));
    expect(pFloor(joint, 1)).not.toEqual(pFloor(joint, 2));
  });

  it('answers at once while it only listens', async () => {
    const model = await load();
    await model.reset();
    const silence = new Float32Array(STEP);
    const isPromise = [0, 1, 2, 3].map(() => model.step(silence, silence) instanceof Promise);
    expect(isPromise).toEqual([false, false, false, true]);
  });

  it('does not use the future', async () => {
    const report = await checkCausality(await load(), audio, { cuts: 3 });
    expect(report.violation).toBeUndefined();
  });

  it('adds up the classes that count as holding the floor', async () => {
    const answers = async (classes: string) => pFloor(await driveConversation(await load({ classes }), audio), 1);
    const [user, ended, both] = [await answers('user'), await answers('user_end'), await answers('user, user_end')];
    expect(both).toEqual(user.map((p, i) => p + ended[i]!));
    const all = (await answers('bos,system_end,user_end,system,user')).slice(4);
    expect(all.every((p) => p > 0.999999 && p <= 1)).toBe(true);
    await expect(load({ classes: 'users' })).rejects.toMatchObject({ hint: expect.stringContaining('user_end') });
  });

  it('records its threshold and the files it was made from', async () => {
    const model = await load();
    expect(model.defaultThreshold).toBe(0.1);
    expect(model.weights?.map(({ file }) => file)).toEqual([
      ...['mimi.safetensors', 'checkpoint.pt'],
      ...['encoder.onnx', 'transformer.onnx', 'quantizer.onnx', 'endpointer.onnx'],
    ]);
  });

  it('offers its four networks and a whole answer for timing, and answers a pass after it as before', async () => {
    const model = await load();
    const before = pFloor(await driveConversation(model, audio), 1);
    const components = await model.components!();
    expect(components.map(({ kind, name }) => `${kind}: ${name.split(',')[0]}`)).toEqual([
      ...['encoder', 'transformer', 'quantizer', 'endpointer'].map((name) => `inference: ${name}`),
      'end-to-end: one answer: four networks',
    ]);
    for (const { audioS, run } of components) {
      expect(audioS).toBe(0.08);
      for (let i = 0; i < 3; i++) await run();
    }
    expect(pFloor(await driveConversation(model, audio), 1)).toEqual(before);
  });

  it('says what to run when nothing was built', async () => {
    await expect(loadModel('mimi-endpointer', { model: join(folder, 'none') })).rejects.toMatchObject({ exitCode: 5 });
  });
});
