import { describe, expect, it } from 'vitest';
import { LevelWalk } from '../../src/decide/levels.js';
import { floorFromDisk, floorToDisk } from '../../src/result/floor.js';

function levels(...p: number[]) {
  const walk = new LevelWalk([0.2, 0.5], p.length);
  walk.push(Float64Array.from(p));
  return walk.track;
}

describe('the floor of a row', () => {
  it('is read as it was written', () => {
    const disk = floorToDisk({ 1: levels(0, 0.3, 0.9), 2: levels(0.9, 0.9, 0.3) });
    expect(disk).toMatchObject({ steps: 3, thresholds: [0.2, 0.5] });
    expect(floorFromDisk(disk)).toEqual({
      thresholds: [0.2, 0.5],
      levels: { 1: Uint8Array.of(0, 1, 2), 2: Uint8Array.of(2, 2, 1) },
    });
  });

  it('is the bit of a model that answers nothing else', () => {
    const [held, never] = [Int32Array.of(1), Int32Array.of()].map((edges) => ({ steps: 3, edges }));
    expect(floorFromDisk(floorToDisk({ 1: held!, 2: never! }))).toEqual({
      thresholds: null,
      levels: { 1: Uint8Array.of(0, 1, 1), 2: new Uint8Array(3) },
    });
  });

  it('is refused when it is damaged', () => {
    const disk = floorToDisk({ 1: levels(0.3), 2: levels(0.3) });
    expect(() => floorFromDisk({ ...disk, steps: 2 })).toThrow('the floor levels of a row are damaged');
    expect(() => floorFromDisk({ ...disk, speaker_2: '?' })).toThrow('the floor levels of a row are damaged');
  });
});
