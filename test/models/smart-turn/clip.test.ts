import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLIP_SIZE, Clip } from '../../../src/models/smart-turn/clip.js';

const SIDE = 112;
const MEAN = [0.43216, 0.394666, 0.37645] as const;
const DEVIATION = [0.22803, 0.22145, 0.216989] as const;

/** A byte that tells frame, row, column and colour apart. */
function byteAt(frame: number, row: number, column: number, colour: number): number {
  return (frame * 67 + row * 31 + column * 5 + colour * 101) % 256;
}

function frame(index: number) {
  const rgb = new Uint8Array(3 * SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      for (let colour = 0; colour < 3; colour++) {
        rgb[(row * SIDE + column) * 3 + colour] = byteAt(index, row, column, colour);
      }
    }
  }
  return { timeS: index, rgb };
}

const FRAMES = Array.from({ length: 100 }, (_, index) => frame(index));

/** The number at a place of the clip when `count` frames have come. */
function expectedAt(count: number, colour: number, time: number, row: number, column: number): number {
  const shown = Math.min(Math.max(0, count - 32) + time, count - 1);
  return (byteAt(shown, row, column, colour) / 255 - MEAN[colour]!) / DEVIATION[colour]!;
}

let clip: Clip;
const into = new Float32Array(CLIP_SIZE);

beforeEach(() => {
  clip = new Clip();
  into.fill(Number.NaN);
});

function show(count: number) {
  for (let i = 0; i < count; i++) clip.push(FRAMES[i]!);
  clip.write(into);
}

describe('a clip', () => {
  for (const count of [1, 5, 31, 32, 33, 100]) {
    it(`holds colour, time, row and column in this order, the newest last, of ${count} frames`, () => {
      show(count);
      let worst = 0;
      let at = 0;
      for (let colour = 0; colour < 3; colour++) {
        for (let time = 0; time < 32; time++) {
          for (let row = 0; row < SIDE; row++) {
            for (let column = 0; column < SIDE; column++) {
              worst = Math.max(worst, Math.abs(into[at++]! - expectedAt(count, colour, time, row, column)));
            }
          }
        }
      }
      expect(at).toBe(into.length);
      expect(worst).toBeLessThan(5e-7);
    });
  }

  it('is the same however often it was looked at on the way', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 });
    const place = fc.tuple(...[3, 32, SIDE, SIDE].map((size) => fc.nat(size - 1)));
    fc.assert(
      fc.property(counts, fc.array(place, { minLength: 10 }), (pauses, places) => {
        clip.reset();
        let count = 0;
        for (const pause of pauses) {
          for (let i = 0; i < pause && count < FRAMES.length; i++) clip.push(FRAMES[count++]!);
          clip.write(into);
        }
        clip.write(into);
        for (const [colour, time, row, column] of places as [number, number, number, number][]) {
          const value = into[((colour * 32 + time) * SIDE + row) * SIDE + column]!;
          expect(value).toBeCloseTo(count === 0 ? 0 : expectedAt(count, colour, time, row, column), 5);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is all zeros, which is not black, before the first frame and after a reset', () => {
    show(0);
    expect(into.every((number) => number === 0)).toBe(true);
    clip.push({ timeS: 0, rgb: new Uint8Array(3 * SIDE * SIDE) });
    clip.write(into);
    expect([into[0], into.at(-1)]).toEqual([expect.closeTo(-1.895189, 5), expect.closeTo(-1.73488, 5)]);
    clip.reset();
    clip.write(into);
    expect(into.every((number) => number === 0)).toBe(true);
  });

  it('refuses a frame of another size', () => {
    expect(() => clip.push({ timeS: 0, rgb: new Uint8Array(3 * 111 * SIDE) })).toThrow('a frame of 37296 bytes');
  });
});
