import { UserError } from '../core/errors.js';

/**
 * s. Clocks of containers round: to 1 ms in Matroska and WebM, to 1/600 s in old QuickTime files, which makes intervals
 * of 33.4 ms 33.3 or 35. A frame that is really late is later than this.
 */
const TOLERANCE_S = 0.002;

/** Refuses a video whose frames do not follow one another at a constant rate, as it goes by. */
export class ConstantRate {
  readonly #name: string;
  #firstS = 0;
  #lastS = 0;
  #frames = 0;

  /** @param name of the file, for messages. */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * The next frame is due at `timeS`.
   * @throws UserError when it comes earlier or later than the ones before it let expect.
   */
  add(timeS: number): void {
    if (!Number.isFinite(timeS)) throw this.#failure('a frame has no presentation time', 30);
    if (this.#frames === 0) this.#firstS = timeS;
    if (this.#frames > 1) {
      const intervalS = timeS - this.#lastS;
      const usualS = this.intervalS;
      if (Math.abs(intervalS - usualS) > TOLERANCE_S) {
        const [usual, found] = [usualS, intervalS].map((seconds) => `${(1000 * seconds).toFixed(1)} ms`);
        const rate = Math.max(1, Math.round(1 / usualS));
        const when = `the frame after ${this.#lastS.toFixed(3)} s`;
        throw this.#failure(
          `the frame rate is not constant: ${when} comes ${found} later, before it was ${usual}`,
          rate,
        );
      }
    }
    this.#lastS = timeS;
    this.#frames++;
  }

  /** Mean distance of the frames so far, s; 0 before there are two. */
  get intervalS(): number {
    return this.#frames < 2 ? 0 : (this.#lastS - this.#firstS) / (this.#frames - 1);
  }

  /** When the last frame so far is over, s. */
  get endS(): number {
    return this.#lastS + this.intervalS;
  }

  #failure(what: string, framesPerSecond: number): UserError {
    return new UserError(`${this.#name}: ${what}`, {
      hint: `convert it to a constant rate, for example: ffmpeg -i INPUT -vf fps=${framesPerSecond} -crf 18 OUTPUT.mp4`,
    });
  }
}
