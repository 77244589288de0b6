/** A video file as a source of frames, decoded by ffmpeg while they are asked for. */

import type { VideoSource } from '../core/video.js';
import { FramePipe } from './frame-pipe.js';
import { fileUrl, readVideoHeader, type VideoHeader } from './header.js';

/**
 * Nothing is read and no program started before it is opened.
 * @param path absolute.
 * @param name how to call the file in messages.
 */
export function videoFile(path: string, name: string): VideoSource {
  const url = fileUrl(path);
  let header: Promise<VideoHeader> | undefined;
  return {
    async open(size) {
      header ??= readVideoHeader(url, name);
      return new FramePipe(url, name, size, (await header).endS);
    },
  };
}
