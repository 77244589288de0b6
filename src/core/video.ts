/** Pictures of a speaker on the clock of the audio. */

import type { Awaitable } from './awaitable.js';

/** What a model that sees wants to be handed: every frame scaled to this size, aspect not kept. */
export interface VideoSize {
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

export interface VideoFrame {
  /** Presentation time since the start of the conversation, s. */
  readonly timeS: number;
  /** Row by row from the top left, three bytes per pixel: red, green, blue. */
  readonly rgb: Uint8Array;
}

/** One speaker's video, read from the start as often as needed. */
export interface VideoSource {
  /** @throws UserError when it cannot be decoded, or when no decoder is installed (exit 5). */
  open(size: VideoSize): Awaitable<VideoReader>;
}

export interface VideoReader {
  /**
   * The next frames, in order, with presentation times up to and including `untilS`; none once the video is over.
   * @param untilS ascending from call to call.
   * @throws UserError on a broken video, naming file and time.
   */
  read(untilS: number): Awaitable<readonly VideoFrame[]>;
  close(): Awaitable<void>;
}
