import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/core/errors.js';
import { ConstantRate } from '../../src/video/constant-rate.js';

function refusal(timesS: readonly number[]): UserError | undefined {
  const rate = new ConstantRate('1/speaker_1_video.mkv');
  try {
    for (const timeS of timesS) rate.add(timeS);
    return undefined;
  } catch (error) {
    return error as UserError;
  }
}

/** Times of a container whose clock ticks `ticksPerSecond` times a second. */
function rounded(framesPerSecond: number, ticksPerSecond: number, startS = 0): number[] {
  return Array.from(
    { length: 2000 },
    (_, i) => Math.round((startS + i / framesPerSecond) * ticksPerSecond) / ticksPerSecond,
  );
}

describe('a constant frame rate', () => {
  it.each([1, 5, 10, 15, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 120])(
    'of %d per second is accepted whatever clock rounds it',
    (framesPerSecond) => {
      for (const ticks of [600, 1000, 12_800, 30_000, 90_000, 1e6]) {
        for (const startS of [0, 0.5, 7.123]) expect(refusal(rounded(framesPerSecond, ticks, startS))).toBeUndefined();
      }
    },
  );

  it('is nothing that one or two frames could lack', () => {
    expect(refusal([3])).toBeUndefined();
    expect(refusal([3, 3.5])).toBeUndefined();
  });
});

describe('a variable frame rate', () => {
  it('is refused where it varies, with how to convert it', () => {
    // 30 per second, with a frame missing after the tenth
    const timesS = rounded(30, 1000).filter((_, i) => i !== 10);
    const error = refusal(timesS);
    expect(error?.message).toBe(
      '1/speaker_1_video.mkv: the frame rate is not constant: the frame after 0.300 s comes 67.0 ms later, before it was 33.3 ms',
    );
    expect(error?.hint).toContain('fps=30');
  });

  it.each([
    ['jitters by 4 ms', rounded(30, 1000).map((timeS, i) => timeS + (i % 7 === 3 ? 0.004 : 0))],
    ['changes once', [...rounded(30, 1000).slice(0, 30), ...rounded(25, 1000, 1)]],
    ['shows a frame twice', [0, 0.04, 0.08, 0.08, 0.12]],
    ['goes back', [0, 0.04, 0.08, 0.06]],
  ])('that %s is refused', (_, timesS) => {
    expect(refusal(timesS)?.message).toContain('is not constant');
  });

  it('is also a frame that is due at no time', () => {
    expect(refusal([0, Number.NaN])?.message).toContain('a frame has no presentation time');
  });
});
