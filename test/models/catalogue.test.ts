import { describe, expect, it } from 'vitest';
import { describeModel, loadModel, MODELS } from '../../src/models/catalogue.js';

/** Weights that a user downloads, a key or a server that a user has. */
const NOT_AT_HAND = ['mimi-endpointer', 'smart-turn-v3', 'smart-turn-multimodal', 'openai-realtime', 'streaming-asr'];

describe('the catalogue', () => {
  it('describes every model it lists, under its own name', async () => {
    const entries = MODELS.list();
    expect(entries.map(({ name }) => name)).toEqual([
      'energy-vad',
      'silero-vad',
      'silero-vad-500ms',
      'mimi-endpointer',
      'smart-turn-v3',
      'smart-turn-multimodal',
      'openai-realtime',
      'vllm-duplex',
      'whisperlivekit',
      'echostream',
      'streaming-asr',
      'never',
      'always',
      'random',
    ]);
    for (const { name, summary } of entries) {
      const description = await describeModel(name);
      expect(description).toMatchObject({ name, summary });
      expect(description).not.toHaveProperty('loadModel');
      for (const option of description.options) expect(option.meaning).not.toBe('');
    }
  });

  it('describes a model with rate, weights and options', async () => {
    const description = await describeModel('silero-vad-500ms');
    expect(description.inputSampleRate).toBe(16_000);
    expect(description.weights).toEqual([
      { file: 'silero_vad_v6.onnx', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), licence: 'MIT' },
    ]);
    expect(description.options.find(({ name }) => name === 'min_silence_s')?.defaultValue).toBe(0.5);
  });

  it('loads each model that needs no download no key and no server, at the rate it describes', async () => {
    for (const { name } of MODELS.list().filter((entry) => !NOT_AT_HAND.includes(entry.name))) {
      const model = await loadModel(name);
      expect(model.inputSampleRate).toBe((await describeModel(name)).inputSampleRate);
      await model.close?.();
    }
  });

  it('suggests the name that was meant', async () => {
    await expect(loadModel('silero-vd')).rejects.toMatchObject({
      name: 'UserError',
      message: "unknown model 'silero-vd': did you mean 'silero-vad'?",
    });
    await expect(loadModel('fs')).rejects.toThrow("unknown model 'fs'");
    await expect(describeModel('oops')).rejects.toThrow("unknown model 'oops'");
  });
});
