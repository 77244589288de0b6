import { describe, expect, it } from 'vitest';
import { FEATURE_FORM } from '../../../src/models/smart-turn/forms.js';
import { openTurnNetwork } from '../../../src/models/smart-turn/network.js';
import { randomSmartTurn } from '../../../src/models/smart-turn/random-network.js';
import { randomSmartTurnMultimodal } from '../../../src/models/smart-turn/random-video-network.js';
import { smartTurnMultimodal } from '../../../src/models/smart-turn-multimodal.js';
import { smartTurnV3 } from '../../../src/models/smart-turn-v3.js';
import type { Graph } from '../../../src/onnx/graph.js';
import { driveConversation } from '../../../src/stream/drive.js';
import { memoryAudio } from '../../helpers/samples.js';
import { memoryVideo, timesAt } from '../../helpers/video.js';
import { pass, speech } from '../listening.js';
import { graphFolder } from './stand-ins.js';

const write = graphFolder();

describe('the published size with random weights', () => {
  const graph = randomSmartTurn();
  const path = write('full-size', graph);

  it('has the published signature and 8 million parameters', () => {
    expect(graph.inputs).toEqual([{ name: 'input_features', type: 'float', shape: ['batch', 80, 800] }]);
    expect(graph.outputs).toEqual([{ name: 'logits', type: 'float', shape: ['batch', 1] }]);
    expect(parameters(graph) / 1e6).toBeCloseTo(8, 1);
  });

  it('answers neither 0 nor 1, and the same again', async () => {
    const network = await openTurnNetwork(path, { forms: [FEATURE_FORM], hint: '', elsewhere: [] }, 1);
    const features = network.inputs['input_features']!;
    const answers: number[] = [];
    for (const wave of [0.01, 0.2, 0.01]) {
      for (let i = 0; i < features.length; i++) features[i] = Math.sin(i * wave);
      answers.push(await network.evaluate());
    }
    expect(answers[2]).toBe(answers[0]);
    expect(answers[1]).not.toBe(answers[0]);
    for (const p of answers) expect(Math.abs(p - 0.5)).toBeLessThan(0.45);
    await network.release();
  });

  it('runs behind the gate', async () => {
    const model = await smartTurnV3.loadModel({ model: path });
    const audio = speech();
    const answers = await pass(model, audio, audio);
    const scores = new Set(answers.filter((p) => p > 0 && p < 1));
    expect(scores.size).toBeGreaterThan(2);
    await model.close?.();
  });
});

describe('the network with video', () => {
  it('has the published signature, and beside the audio as many parameters as R3D-18 and the layers that join both', () => {
    const full = randomSmartTurnMultimodal();
    expect(full.inputs).toEqual([
      { name: 'input_features', type: 'float', shape: ['batch', 80, 800] },
      { name: 'pixel_values', type: 'float', shape: ['batch', 3, 32, 112, 112] },
    ]);
    expect(full.outputs).toEqual([{ name: 'logits', type: 'float', shape: ['batch', 1] }]);
    // torchvision's r3d_18: 33 371 472 with 400 classes and batch normalisation, one factor of which is folded away.
    const batchNorm = 64 + 4 * 64 + 5 * 128 + 5 * 256 + 5 * 512;
    const r3d18 = 33_371_472 - (512 + 1) * 400 - batchNorm;
    const joining = (512 + 1) * 256 + (640 + 1) * 384 + 2 * 384;
    const beside = parameters(full) - parameters(randomSmartTurn());
    expect(beside / 1e6).toBeCloseTo((r3d18 + joining) / 1e6, 2);
  });

  it('runs behind the gate when it is narrow, and what it sees counts', async () => {
    const narrow = write('narrow', randomSmartTurnMultimodal([2, 2, 4, 4]));
    const model = await smartTurnMultimodal.loadModel({ model: narrow });
    const audio = memoryAudio(16_000, speech().subarray(0, 8 * 16_000), speech().subarray(0, 8 * 16_000));
    const video = { 1: memoryVideo(timesAt(25, 200)) };
    const { tracks } = await driveConversation(model, audio, { video });
    const [seen, unseen] = ([1, 2] as const).map((subject) => {
      const track = tracks[subject];
      return track.kind === 'probability' ? [...new Set(track.pFloor)].filter((p) => p > 0 && p < 1) : [];
    });
    expect(seen).toHaveLength(unseen!.length);
    expect(seen!.length).toBeGreaterThan(1);
    expect(seen!.filter((p) => unseen!.includes(p))).toEqual([]);
    await model.close?.();
  });
});

function parameters(graph: Graph): number {
  return graph.model({ name: 'p', version: '1' }).length / 4;
}
