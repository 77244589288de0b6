/** Smart Turn Multimodal from video files to answers, with a network that answers one red pixel of one frame of its clip. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Graph } from '../../src/onnx/graph.js';
import { onlyRun, workplace } from '../helpers/cli.js';
import { wav, writeTree } from '../helpers/dataset-folder.js';
import { describeWithFfmpeg, videoBytes } from '../helpers/ffmpeg.js';
import { STEP, stepWith, voice } from '../models/smart-turn/drawn.js';
import { featureNetwork, loudnessVad, pixelNetwork } from '../models/smart-turn/stand-ins.js';

const place = workplace();
const RATE = 16_000;
/** Steps before the one in which the turn is evaluated have other answers. */
const ASKED = stepWith(55);

beforeAll(() => {
  const write = (name: string, graph: Graph) =>
    writeFileSync(join(place.folder, name), Buffer.concat(graph.model({ name: 'test', version: '1' }).chunks));
  write('vad.onnx', loudnessVad());
  write('oldest.onnx', pixelNetwork(0, 0, 50, 60));
  write('newest.onnx', pixelNetwork(0, 31, 50, 60));
  write('deaf.onnx', featureNetwork(0, 0));
  // chunks   |__ 30 __|## 20 ##|__ 40 __      one evaluation, in the step that ends at 1.80 s
  const samples = Array.from(voice(['_', 30], ['#', 20], ['_', 40]), (sample) => Math.round(sample * 32_767));
  const audio = wav([samples], RATE);
  const turn = { start_s: 30 * 0.032, end_s: 50 * 0.032, label: 'Normal Turn' };
  const conversation = (id: string, files: Record<string, Uint8Array>) => ({
    [`${id}/speaker_1_audio.wav`]: audio,
    [`${id}/speaker_2_audio.wav`]: audio,
    [`${id}/annotations.json`]: { speaker_1: { a: [turn] }, speaker_2: { a: [turn] } },
    ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${id}/${name}`, bytes])),
  });
  const about = { 'dataset.json': { name: 'seen', version: '1.0.0' } };
  const counter = videoBytes('counter-25.mp4');
  writeTree(join(place.folder, 'seen'), {
    ...about,
    ...conversation('1', { 'speaker_1_video.mp4': counter, 'speaker_2_video.mkv': videoBytes('late.mkv') }),
    ...conversation('2', { 'speaker_1_video.mp4': counter }),
  });
  writeTree(join(place.folder, 'broken'), {
    ...about,
    ...conversation('1', { 'speaker_1_video.mp4': counter.subarray(0, 2000) }),
    ...conversation('2', {}),
  });
});

function model(network: string): string[] {
  return ['-m', 'smart-turn-multimodal', '-o', `model=${network}.onnx`, '-o', 'vad_model=vad.onnx', '-q'];
}

/** P(floor) when the stand-in is shown frame `n` of the counter. */
function ofFrame(n: number): number {
  return 1 - ((Math.round((4 * n * 255) / 219) / 255 - 0.43216) / 0.22803 + 3) / 6;
}

describeWithFfmpeg('smart-turn-multimodal', () => {
  it.each([
    // By 1.80 s frame 45 of the counter has come, and frame 32 of the one that begins at 0.5 s.
    ['newest', 45, 32],
    ['oldest', 14, 1],
  ])('is shown the 32 frames of each speaker that end with what has come: the %s', async (network, first, second) => {
    const { code } = await place.inside(['eval', '-d', 'seen', ...model(network), '--tracks', '--out', network]);
    expect(code).toBe(0);
    const run = onlyRun(join(place.folder, network));
    const { probs } = JSON.parse(readFileSync(join(run.path, 'probs-eot.json'), 'utf8'));
    const asked = (conversation: number, speaker: string) => probs[conversation][speaker].prob[ASKED / STEP - 1];
    // Frames differ by 0.013, decoding rounds.
    expect([asked(0, 'speaker_1'), asked(0, 'speaker_2')].map((p) => 1 - p)).toEqual([
      expect.closeTo(ofFrame(first), 2),
      expect.closeTo(ofFrame(second), 2),
    ]);
    expect([asked(1, 'speaker_1'), asked(1, 'speaker_2')].map((p) => 1 - p)).toEqual([
      expect.closeTo(ofFrame(first), 2),
      0.5,
    ]);
    expect(run.header.warnings).toContainEqual(expect.stringContaining('2, speaker 2'));
  });

  it('passes check-causality', async () => {
    const { stdout } = await place.inside(['check-causality', '-d', 'seen', ...model('newest'), '--cuts', '3']);
    expect(stdout).toMatch(/^ok: /);
  });

  it('is benchmarked with its frames and the decoding of video', async () => {
    const short = ['--warmup', '1', '--runs', '2'];
    const { stdout } = await place.inside(['bench', '-d', 'seen', ...model('newest'), ...short]);
    expect([...stdout.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
      'Direct Inference Performance',
      'Audio Feature Extraction Performance',
      'Video Preprocessing Performance',
      'End-to-End Performance',
      'Decoding, Resampling and Decision Performance',
    ]);
    expect(stdout).toMatch(/^\| one second decoded and scaled to 112 × 112 \| — \| /m);
    expect(stdout).toMatch(/^\| one second of one pass: decoding audio and video, /m);
    expect(stdout).toContain('Video Preprocessor (published)');
  });

  it('goes on after a broken video, and says which it was', async () => {
    const { code } = await place.inside(['eval', '-d', 'broken', ...model('newest'), '--out', 'failed']);
    expect(code).toBe(4);
    const [failed, done] = onlyRun(join(place.folder, 'failed')).rows;
    expect(failed).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('1/speaker_1_video.mp4'),
    });
    expect(done).toMatchObject({ status: 'ok' });
  });

  it('refuses a network that does not see, by its inputs', async () => {
    const { code, stderr } = await place.inside(['eval', '-d', 'seen', ...model('deaf')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/deaf\.onnx has the inputs input_features .*expected input_features, pixel_values → logits/);
    expect(stderr).toContain('-m smart-turn-v3');
  });
});
