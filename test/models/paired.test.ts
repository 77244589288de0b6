import { expect, it } from 'vitest';
import type { SeenFrames } from '../../src/core/model.js';
import { pairedModel } from '../../src/models/paired.js';

const silence = new Float32Array(160);
const mine: SeenFrames = [{ timeS: 0, rgb: Uint8Array.of(1, 2, 3) }];

it('a detector that sees is handed the frames of its rows, one that only listens nothing', async () => {
  const calls: (readonly SeenFrames[] | undefined)[] = [];
  const model = pairedModel({ inputSampleRate: 8000, video: { width: 1, height: 1 } }, (rows) => ({
    reset() {},
    step(_channels, seen) {
      calls.push(seen);
      return new Array<number>(rows).fill(0);
    },
  }));
  await model.step(silence, silence, { subject: mine, other: null });
  await model.stepBoth!(silence, silence, { 1: null, 2: mine });
  await model.step(silence, silence);
  await model.stepBoth!(silence, silence);
  expect(calls).toEqual([[mine], [null, mine], undefined, undefined]);
  expect(model.video).toEqual({ width: 1, height: 1 });
});
