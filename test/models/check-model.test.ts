import { describe, expect, it } from 'vitest';
import { checkModel } from '../../src/models/check-model.js';

const good = { inputSampleRate: 24_000, video: { width: 112, height: 112 }, reset() {}, step: () => 0 };

describe('checkModel', () => {
  it('lets a model through unchanged, also an instance of a class', () => {
    class Model {
      inputSampleRate = 16_000;
      thresholds = [0.25, 0.5];
      reset() {}
      step() {
        return [0, 1];
      }
    }
    const instance = new Model();
    expect(checkModel('model x', good)).toBe(good);
    expect(checkModel('model x', instance)).toBe(instance);
  });

  it.each([
    [undefined, 'loadModel returned undefined, not a model'],
    [null, 'loadModel returned null, not a model'],
    [() => good, 'loadModel returned function, not a model'],
    [{ ...good, inputSampleRate: undefined }, 'inputSampleRate is undefined, not a number of Hz'],
    [{ ...good, inputSampleRate: 11_025 }, 'inputSampleRate: sample rate 11025 Hz is not a multiple of 50 Hz'],
    [{ ...good, inputSampleRate: Number.NaN }, 'is not a multiple of 50 Hz'],
    [{ ...good, reset: 1 }, 'has no reset function'],
    [{ ...good, step: undefined }, 'has no step function'],
    [{ ...good, stepBoth: true }, 'stepBoth is not a function'],
    [{ ...good, components: [] }, 'components is not a function'],
    [{ ...good, close: {} }, 'close is not a function'],
    [{ ...good, thresholds: [] }, 'thresholds is not a list of numbers'],
    [{ ...good, thresholds: 0.5 }, 'thresholds is not a list of numbers'],
    [{ ...good, thresholds: [0, 0.5] }, 'thresholds contain 0, not a number between 0 and 1'],
    [{ ...good, thresholds: [0.5, '0.6'] }, "thresholds contain '0.6', not a number between 0 and 1"],
    [{ ...good, thresholds: [0.5, 0.25] }, 'thresholds must ascend: 0.25 follows 0.5'],
    [{ ...good, thresholds: [0.5, 0.5] }, 'thresholds must ascend: 0.5 follows 0.5'],
    [{ ...good, defaultThreshold: 1 }, 'defaultThreshold is 1, not a number between 0 and 1'],
    [{ ...good, video: null }, 'video is not { width, height }, whole numbers from 1 to 4096 px'],
    [{ ...good, video: { width: 112 } }, 'video is not { width, height }'],
    [{ ...good, video: { width: 112, height: 0.5 } }, 'video is not { width, height }'],
    [{ ...good, weights: ['model.onnx'] }, 'weights is not a list of { file, sha256 }'],
  ])('refuses %o', (candidate, problem) => {
    expect(() => checkModel('model x', candidate)).toThrow(problem);
  });

  it('reports every breach at once', () => {
    expect(() => checkModel('model x', { inputSampleRate: 1 })).toThrow(/^model x: 3 problems/);
  });
});
