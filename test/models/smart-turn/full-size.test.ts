import { describe, expect, it } from 'vitest';
import { FEATURE_FORM } from '../../../src/models/smart-turn/forms.js';
import { openTurnNetwork } from '../../../src/models/smart-turn/network.js';
import { randomSmartTurn } from '../../../src/models/smart-turn/random-network.js';
import { smartTurnV3 } from '../../../src/models/smart-turn-v3.js';
import { pass, speech } from '../listening.js';
import { graphFolder } from './stand-ins.js';

const write = graphFolder();

describe('the published size with random weights', () => {
  const graph = randomSmartTurn();
  const path = write('full-size', graph);

  it('has the published signature and 8 million parameters', () => {
    expect(graph.inputs).toEqual([{ name: 'input_features', type: 'float', shape: ['batch', 80, 800] }]);
    expect(graph.outputs).toEqual([{ name: 'logits', type: 'float', shape: ['batch', 1] }]);
    const { length } = graph.model({ name: 'p', version: '1' });
    expect(length / 4e6).toBeCloseTo(8, 1);
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
