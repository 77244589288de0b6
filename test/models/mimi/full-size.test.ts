import { describe, expect, it } from 'vitest';
import { MIMI_FULL, mimiTensors } from '../../../src/models/mimi/dimensions.js';
import { ENDPOINTER_FULL, endpointerTensors } from '../../../src/models/mimi/endpointer-dimensions.js';
import { randomWeights } from '../../../src/models/mimi/random-weights.js';
import { elementCount } from '../../../src/onnx/tensor-file.js';
import { audioTensor, inputChunk, networksOf, numbersOf, runChunk } from './tiny.js';

describe('the published size', () => {
  it('has the tensors of the released files', () => {
    const mimi = mimiTensors(MIMI_FULL);
    expect(Object.fromEntries(mimi)).toMatchObject({
      'encoder.model.12.conv.conv.weight': [1024, 512, 16],
      'encoder.model.10.block.1.conv.conv.weight': [256, 512, 3],
      'encoder_transformer.transformer.layers.7.self_attn.in_proj_weight': [1536, 512],
      'quantizer.rvq_rest.vq.layers.6._codebook.embedding_sum': [2048, 256],
    });
    const parameters = endpointerTensors(ENDPOINTER_FULL).reduce((sum, [, shape]) => sum + elementCount(shape), 0);
    expect((parameters / 1e6).toFixed(1)).toBe('6.9');
  });

  it('builds and runs with random weights', { timeout: 120_000 }, async () => {
    const sources = {
      mimi: randomWeights('mimi', mimiTensors(MIMI_FULL)),
      mimiDimensions: MIMI_FULL,
      checkpoint: randomWeights('checkpoint', endpointerTensors(ENDPOINTER_FULL)),
      endpointerDimensions: ENDPOINTER_FULL,
    };
    const networks = await networksOf(sources);
    const [stages, swapped, crowded] = [networks(2), networks(2), networks(16)];
    for (const chunk of [0, 1]) {
      const audio = inputChunk(chunk);
      const outputs = await runChunk(stages, { audio: audioTensor(audio) });
      expect(outputs['frames']!.dims).toEqual([2, 2, 512]);
      expect(outputs['latent']!.dims).toEqual([2, 512]);
      expect(outputs['codes']!.dims).toEqual([2, 8]);
      expect(outputs['embedding']!.dims).toEqual([2, 2, 512]);
      const probabilities = numbersOf(outputs['probabilities']!);
      for (let at = 0; at < probabilities.length; at += 5) {
        expect(probabilities.slice(at, at + 5).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      }
      // The passes of a conversation are the same whichever of its channels comes first, to the bit.
      const turned = Float32Array.of(...audio.subarray(1920), ...audio.subarray(0, 1920));
      const other = numbersOf((await runChunk(swapped, { audio: audioTensor(turned) }))['logits']!);
      expect([...other.subarray(10), ...other.subarray(0, 10)]).toEqual([...numbersOf(outputs['logits']!)]);
      // Beside seven others it is answered as alone, to the bit.
      const crowd = new Float32Array(8 * audio.length).map(
        (_, i) => audio[i % audio.length]! * (i < audio.length ? 1 : 0.3),
      );
      const beside = numbersOf((await runChunk(crowded, { audio: audioTensor(crowd) }))['logits']!);
      expect([...beside.subarray(0, 20)]).toEqual([...numbersOf(outputs['logits']!)]);
      const latent = numbersOf(outputs['latent']!);
      const spread = Math.sqrt(latent.reduce((sum, v) => sum + v * v, 0) / latent.length);
      // Neither vanished nor exploded: timings with such weights are those of real ones.
      expect(spread).toBeGreaterThan(0.01);
      expect(spread).toBeLessThan(100);
    }
  });
});
