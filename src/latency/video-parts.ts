/** What it costs to get frames to the model: decoding and scaling. */

import type { VideoSources } from '../core/conversation.js';
import type { VideoReader, VideoSize, VideoSource } from '../core/video.js';
import type { Timed } from './measure.js';
import type { TimedPart } from './timing.js';

export interface VideoPart extends TimedPart, Timed {
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Of the first speaker who is seen; none when nobody is, or when nobody looks.
 * @param size what the model asks to see
 */
export function videoParts(video: VideoSources | undefined, size: VideoSize | undefined): readonly VideoPart[] {
  const source = video?.[1] ?? video?.[2];
  return source && size ? [part(source, size)] : [];
}

/**
 * One second after the other, from the beginning again at the end. Opening is not timed, except once, when the end is
 * met for the first time.
 */
function part(video: VideoSource, size: VideoSize): VideoPart {
  let reader: VideoReader | undefined;
  let readS = 0;
  let lengthS = Number.POSITIVE_INFINITY;
  async function close(): Promise<void> {
    await reader?.close();
    reader = undefined;
  }
  async function open(): Promise<void> {
    await close();
    reader = await video.open(size);
    readS = 0;
  }
  return {
    kind: 'video',
    name: `one second decoded and scaled to ${size.width} × ${size.height}`,
    audioS: 1,
    // Nobody knows how many threads the decoder takes.
    runsOn: null,
    async prepare() {
      if (!reader || readS >= lengthS) await open();
    },
    async run() {
      const frames = await reader!.read(++readS);
      if (frames.length > 0) return;
      // The second before may have been a part of one.
      lengthS = Math.max(1, readS - 2);
      await open();
      await reader!.read(++readS);
    },
    close,
  };
}
