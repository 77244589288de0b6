import type { VideoFrame, VideoReader, VideoSource } from '../../src/core/video.js';

export interface MemoryVideo extends VideoSource {
  /** How often it was opened, and how many readers are not closed yet. */
  opened: number;
  unclosed: number;
}

/** One frame per presentation time, s; every byte of frame `i` is `i`. */
export function memoryVideo(timesS: readonly number[]): MemoryVideo {
  return {
    opened: 0,
    unclosed: 0,
    open({ width, height }): VideoReader {
      this.opened++;
      this.unclosed++;
      let next = 0;
      return {
        read: (untilS) => {
          const frames: VideoFrame[] = [];
          for (; next < timesS.length && timesS[next]! <= untilS; next++) {
            frames.push({ timeS: timesS[next]!, rgb: new Uint8Array(3 * width * height).fill(next) });
          }
          return frames;
        },
        close: async () => {
          this.unclosed--;
        },
      };
    },
  };
}

/** Presentation times of a constant rate, s. */
export function timesAt(framesPerSecond: number, count: number, startS = 0): number[] {
  return Array.from({ length: count }, (_, i) => startS + i / framesPerSecond);
}
