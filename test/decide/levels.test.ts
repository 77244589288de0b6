import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorsFromProbability } from '../../src/decide/floor.js';
import { formatLevels, parseLevels } from '../../src/decide/level-text.js';
import { floorsAt, LevelWalk, levelsOfFloors } from '../../src/decide/levels.js';

const probabilities = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 })
  .map((values) => Float64Array.from(values));
const grids = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 12 })
  .map((values) => values.sort((a, b) => a - b).map((k) => k / 100));

function walked(pFloor: Float64Array, thresholds: readonly number[]) {
  const walk = new LevelWalk(thresholds, pFloor.length);
  walk.push(pFloor.subarray(0, 3));
  walk.push(pFloor.subarray(3));
  return walk.track;
}

describe('levels', () => {
  it('count the thresholds that the probability exceeds, strictly', () => {
    expect(walked(Float64Array.of(0, 0.2, 0.21, 0.9, 0.5), [0.2, 0.5]).levels).toEqual(Uint8Array.of(0, 0, 1, 2, 1));
  });

  it('give the floor at any of their thresholds, as thresholding that one alone does', () => {
    fc.assert(
      fc.property(probabilities, grids, fc.infiniteStream(fc.boolean()), (pFloor, thresholds, wanted) => {
        const some = thresholds.filter(() => wanted.next().value);
        expect(floorsAt(walked(pFloor, thresholds), some)).toEqual(floorsFromProbability(pFloor, some));
      }),
    );
  });

  it('refuse a threshold that they do not tell apart', () => {
    expect(() => floorsAt(walked(new Float64Array(4), [0.2, 0.5]), [0.3])).toThrow('threshold 0.3');
  });

  it('come back from the floors of all thresholds', () => {
    fc.assert(
      fc.property(probabilities, grids, (pFloor, thresholds) => {
        const track = walked(pFloor, thresholds);
        expect(levelsOfFloors(thresholds, floorsAt(track, thresholds))).toEqual(track);
      }),
    );
  });

  it('do not exist for floors that no probability answers', () => {
    const [held, free] = [Int32Array.of(1), new Int32Array(0)];
    expect(
      levelsOfFloors(
        [0.2, 0.5],
        [free, held].map((edges) => ({ steps: 3, edges })),
      ),
    ).toBeUndefined();
  });

  it('survive as text, also many, long and empty', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 400 })), { maxLength: 30 }), (runs) => {
        const levels = Uint16Array.from(runs.flatMap(([level, length]) => new Array<number>(length).fill(level)));
        expect(parseLevels(formatLevels(levels), levels.length, 300)).toEqual(levels);
      }),
    );
  });

  it.each([
    ['torn', 'gA==', 1],
    ['too short', formatLevels([1, 1]), 3],
    ['too long', formatLevels([1, 1]), 1],
    ['too high', formatLevels([9]), 1],
    ['below 0', btoa(String.fromCharCode(1, 1)), 1],
  ])('refuse text that is %s', (_, text, steps) => {
    expect(() => parseLevels(text, steps, 3)).toThrow('the levels');
  });
});
