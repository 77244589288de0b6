import { describe, expect, it } from 'vitest';
import { videoParts } from '../../src/latency/video-parts.js';
import { memoryVideo, timesAt } from '../helpers/video.js';

const SIZE = { width: 4, height: 2 };

describe('reading video', () => {
  it('is timed where there is video and a model that looks at it', () => {
    const video = { 2: memoryVideo([]) };
    expect(videoParts(video, SIZE)).toMatchObject([
      { kind: 'video', name: 'one second decoded and scaled to 4 × 2', audioS: 1, runsOn: null },
    ]);
    expect([videoParts(video, undefined), videoParts({}, SIZE), videoParts(undefined, SIZE)]).toEqual([[], [], []]);
  });

  it('reads whole seconds, from the beginning again at the end', async () => {
    // 3.5 s: the first round meets the end in its fifth second and begins again at once, later rounds have three.
    const video = memoryVideo(timesAt(10, 35));
    const opened: number[] = [];
    const [part] = videoParts({ 1: video }, SIZE);
    for (let run = 0; run < 9; run++) {
      await part!.prepare();
      const before = video.opened;
      await part!.run();
      opened.push(video.opened - before);
    }
    expect(opened).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(video.opened).toBe(3);
    await part!.close();
    expect(video.unclosed).toBe(0);
  });
});
