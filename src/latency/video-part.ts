/** What it costs to get video to the model: decoding and scaling, as far as it is waited for. */

import type { VideoReader, VideoSize, VideoSource } from '../core/video.js';
import type { Timed } from './measure.js';
import type { TimedPart } from './timing.js';

/** s that are shown again and again: finding out how long all of it is would mean decoding all of it. */
const LONGEST_LOOP_S = 10;

/** Nothing when the video lasts less than a second. */
export async function videoPart(
  source: VideoSource,
  size: VideoSize,
): Promise<(TimedPart & Timed & { close(): Promise<void> }) | undefined> {
  const { startS, seconds } = await looped(source, size);
  let reader: VideoReader | undefined;
  let second = 0;
  const close = async () => {
    await reader?.close();
    reader = undefined;
  };
  if (seconds === 0) return undefined;
  return {
    kind: 'decode',
    name: `one second of video of one speaker, decoded and scaled to ${size.width} × ${size.height} px by ffmpeg`,
    audioS: 1,
    runsOn: null,
    /** From the beginning again, with the first frame read: starting a process is not what is to be timed. */
    async prepare() {
      if (reader && second < seconds) return;
      await close();
      reader = await source.open(size);
      second = 0;
      await reader.read(startS);
    },
    run: () => reader!.read(startS + ++second),
    close,
  };
}

/** When the first frame is due, and how many whole seconds of frames follow. */
async function looped(source: VideoSource, size: VideoSize): Promise<{ startS: number; seconds: number }> {
  const reader = await source.open(size);
  try {
    let [startS, endS] = [Number.NaN, 0];
    for (let untilS = 0; !(endS - startS >= LONGEST_LOOP_S) && untilS < MOST_WAITED_S; untilS++) {
      for (const { timeS } of await reader.read(untilS)) {
        if (Number.isNaN(startS)) startS = timeS;
        endS = timeS;
      }
    }
    return { startS, seconds: Number.isNaN(startS) ? 0 : Math.floor(endS - startS) };
  } finally {
    await reader.close();
  }
}

/** s. A video that has shown nothing by then is not worth waiting for. */
const MOST_WAITED_S = 60;
