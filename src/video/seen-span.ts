import type { VideoSource } from '../core/video.js';

/** s. Cameras and microphones are not stopped at the same instant. */
export const UNSEEN_TOLERANCE_S = 0.5;

/** From when to when somebody is seen, from the frames that go by. */
export class SeenSpan {
  #firstS = Number.POSITIVE_INFINITY;
  #lastS = Number.NEGATIVE_INFINITY;
  #intervalS = 0;

  /** @param timeS presentation time of the next frame. */
  add(timeS: number): void {
    this.#firstS = Math.min(this.#firstS, timeS);
    if (timeS > this.#lastS && Number.isFinite(this.#lastS)) this.#intervalS = timeS - this.#lastS;
    this.#lastS = Math.max(this.#lastS, timeS);
  }

  /** When the last frame is over, s: it lasts as long as the one before it. -Infinity before the first frame. */
  get endS(): number {
    return this.#lastS + this.#intervalS;
  }

  /** s of the first `durationS` before the first frame and after the end of the last. */
  unseenS(durationS: number): number {
    const seenS = Math.min(durationS, this.endS) - Math.max(0, this.#firstS);
    return durationS - Math.max(0, seenS);
  }
}

/** The same video; `span` learns of its frames. */
export function watched(source: VideoSource, span: SeenSpan): VideoSource {
  return {
    open: async (size) => {
      const reader = await source.open(size);
      return {
        read: async (untilS) => {
          const frames = await reader.read(untilS);
          for (const { timeS } of frames) span.add(timeS);
          return frames;
        },
        close: () => reader.close(),
      };
    },
  };
}
