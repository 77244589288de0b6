/**
 * The newest 32 frames of a speaker as the network sees them: RGB in [0, 1], minus the mean, divided by the standard
 * deviation of every colour, in the order colour, time, row, column.
 *
 *     5 frames so far     0 1 2 3 4 4 4 4 … 4      the last one is repeated
 *     40 frames so far    8 9 10 … 39              the newest 32, whatever their rate
 *     none                zeros, which are not black: black is below the mean
 *
 * A frame is normalised once, when it comes; at an evaluation its numbers are only copied.
 */

import type { VideoFrame } from '../../core/video.js';

export const CLIP_FRAMES = 32;
/** px, height and width. */
export const SIDE = 112;

const PIXELS = SIDE * SIDE;
const COLOURS = 3;
/** Of one colour. */
const PLANE = CLIP_FRAMES * PIXELS;
/** Numbers of a clip. */
export const CLIP_SIZE = COLOURS * PLANE;

// As published with the network: mean and standard deviation of the video networks of torchvision.
const RED = normalised(0.43216, 0.22803);
const GREEN = normalised(0.394666, 0.22145);
const BLUE = normalised(0.37645, 0.216989);

export class Clip {
  /** `[colour, slot, pixel]`; frame j is in slot j mod 32. */
  readonly #ring = new Float32Array(CLIP_SIZE);
  #frames = 0;

  reset(): void {
    this.#frames = 0;
  }

  /** @throws Error when the frame has another size than 112 × 112 */
  push({ rgb }: VideoFrame): void {
    if (rgb.length !== COLOURS * PIXELS) throw new Error(`a frame of ${rgb.length} bytes, not ${COLOURS * PIXELS}`);
    const ring = this.#ring;
    const first = (this.#frames++ % CLIP_FRAMES) * PIXELS;
    for (let i = first, byte = 0; i < first + PIXELS; i++) {
      ring[i] = RED[rgb[byte++]!]!;
      ring[PLANE + i] = GREEN[rgb[byte++]!]!;
      ring[2 * PLANE + i] = BLUE[rgb[byte++]!]!;
    }
  }

  /** @param into `[3, 32, 112, 112]` */
  write(into: Float32Array): void {
    if (this.#frames === 0) {
      into.fill(0);
      return;
    }
    const filled = Math.min(this.#frames, CLIP_FRAMES) * PIXELS;
    // While the ring is not full, its oldest frame is in slot 0.
    const oldest = this.#frames < CLIP_FRAMES ? 0 : (this.#frames % CLIP_FRAMES) * PIXELS;
    for (let plane = 0; plane < CLIP_SIZE; plane += PLANE) {
      into.set(this.#ring.subarray(plane + oldest, plane + filled), plane);
      into.set(this.#ring.subarray(plane, plane + oldest), plane + filled - oldest);
      for (let at = plane + filled; at < plane + PLANE; at += PIXELS) into.copyWithin(at, at - PIXELS, at);
    }
  }
}

/** Of every byte, in single precision at each operation, as the reference computes. */
function normalised(mean: number, deviation: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => {
    return Math.fround(Math.fround(byte / 255) - Math.fround(mean)) / Math.fround(deviation);
  });
}
