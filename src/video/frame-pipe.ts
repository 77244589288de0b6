/**
 * Frames of a file, decoded, scaled and piped by one ffmpeg process.
 *
 * Pixels come as raw RGB on standard output, presentation times as text on descriptor 3, one line per frame, because a
 * raw stream has none: they are those that the file states, rounded to 1 µs. What has not been read waits in the pipe,
 * and ffmpeg with it, so a few frames are in memory however long the video is. When this process ends, however it does,
 * the pipe breaks and ffmpeg ends too.
 *
 * Frames are converted to RGB first, as most programs do it, and then scaled by a Lanczos kernel of two lobes, widened
 * when scaling down. That is the nearest that the scaler of ffmpeg has to the bicubic filter (a = -0.5) of Pillow: one
 * level of 255 apart for 99 % of the values, see docs/datasets.md.
 */

import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { UserError } from '../core/errors.js';
import type { VideoFrame, VideoReader, VideoSize } from '../core/video.js';
import { ConstantRate } from './constant-rate.js';
import { ONLY_FILES } from './header.js';
import { said, start, startFailure, tail } from './programs.js';

/** s. How much earlier than stated a video may end: more is damage. */
const END_TOLERANCE_S = 0.5;

const MICROSECONDS = 1e6;

export class FramePipe implements VideoReader {
  readonly #url: string;
  readonly #name: string;
  readonly #frameBytes: number;
  readonly #statedEndS: number | undefined;
  readonly #child: ChildProcess;
  readonly #pixels: Readable;
  readonly #rate: ConstantRate;
  /** Times of frames whose pixels have not been read, s. */
  readonly #timesS: number[] = [];
  readonly #closed: Promise<void>;
  /** Decoded, but not due when it was last asked for. */
  #next: VideoFrame | undefined;
  #framesRead = 0;
  #isOver = false;
  #hasExited = false;
  #startFailure: UserError | undefined;
  #complaint = '';
  #wake: (() => void) | undefined;

  /**
   * @param url of the file.
   * @param name how to call it in messages.
   * @param statedEndS when the last frame is over according to the header.
   */
  constructor(url: string, name: string, size: VideoSize, statedEndS: number | undefined) {
    this.#url = url;
    this.#name = name;
    this.#frameBytes = 3 * size.width * size.height;
    this.#statedEndS = statedEndS;
    this.#rate = new ConstantRate(name);
    this.#child = start('ffmpeg', decodingArgs(url, size), 3);
    this.#pixels = this.#child.stdout!;
    const wake = () => this.#wake?.();
    this.#pixels.on('readable', wake).on('end', wake);
    this.#child.stderr!.setEncoding('utf8').on('data', (text) => {
      this.#complaint = tail(this.#complaint + text);
    });
    this.#listenForTimes(this.#child.stdio[3] as Readable, wake);
    this.#closed = new Promise((resolve) => {
      const onEnd = () => {
        this.#hasExited = true;
        wake();
        resolve();
      };
      this.#child.on('close', onEnd).on('error', (error) => {
        this.#startFailure ??= startFailure('ffmpeg', error, name);
        onEnd();
      });
    });
  }

  async read(untilS: number): Promise<readonly VideoFrame[]> {
    const frames: VideoFrame[] = [];
    for (;;) {
      this.#next ??= await this.#decode();
      if (!this.#next || this.#next.timeS > untilS) return frames;
      frames.push(this.#next);
      this.#next = undefined;
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    // Nobody reads what is still in the pipes, and a stopped process needs no time to say goodbye.
    for (const stream of this.#child.stdio) stream?.destroy();
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** The next frame, nothing after the last. */
  async #decode(): Promise<VideoFrame | undefined> {
    if (this.#isOver) return undefined;
    const pixels = await this.#nextPixels();
    if (!pixels) {
      if (!this.#isOver) await this.#checkEnd();
      this.#isOver = true;
      return undefined;
    }
    const timeS = await this.#nextTime();
    this.#rate.add(timeS);
    this.#framesRead++;
    return { timeS, rgb: pixels };
  }

  async #nextPixels(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes: Buffer | null = this.#pixels.read(this.#frameBytes);
      // A copy: the buffer of the pipe may hold pixels of later frames, which no model should reach.
      if (bytes?.length === this.#frameBytes) return new Uint8Array(bytes);
      if (bytes || this.#pixels.readableEnded || this.#pixels.destroyed || this.#startFailure) return undefined;
      await this.#change();
    }
  }

  /** NaN for a frame of which the file does not say when it is due. */
  async #nextTime(): Promise<number> {
    while (this.#timesS.length === 0 && !this.#hasExited) await this.#change();
    return this.#timesS.shift() ?? Number.NaN;
  }

  /** Called with no `await` since what it waits for was looked at, so that nothing is missed. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #listenForTimes(lines: Readable, wake: () => void): void {
    let rest = '';
    lines.setEncoding('utf8').on('data', (text: string) => {
      const complete = (rest + text).split('\n');
      rest = complete.pop() ?? '';
      for (const line of complete) {
        const time = line.match(/^frame:\s*\d+\s+pts:\s*(\S+)/)?.[1];
        if (time !== undefined) this.#timesS.push(Number(time) / MICROSECONDS);
      }
      wake();
    });
  }

  /** @throws UserError unless everything that the file promises was decoded. */
  async #checkEnd(): Promise<void> {
    await this.#closed;
    if (this.#startFailure) throw this.#startFailure;
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== 0 || this.#timesS.length > 0) {
      const where = this.#framesRead === 0 ? 'at its beginning' : `at about ${this.#rate.endS.toFixed(3)} s`;
      const why = signalCode ? `: ffmpeg was ended by ${signalCode}` : said(this.#complaint, this.#url, this.#name);
      throw this.#broken(`cannot be decoded ${where}${why}`);
    }
    if (this.#framesRead === 0) throw this.#broken('there is no frame in it');
    if (this.#statedEndS !== undefined && this.#rate.endS < this.#statedEndS - END_TOLERANCE_S) {
      const stated = `states that it lasts until ${this.#statedEndS.toFixed(3)} s`;
      throw this.#broken(`cut off: it ${stated}, but its frames end at ${this.#rate.endS.toFixed(3)} s`);
    }
  }

  #broken(what: string): UserError {
    return new UserError(`${this.#name}: ${what}`, {
      hint: 'copy or export the video again; if it plays well, convert it: ffmpeg -i INPUT -crf 18 OUTPUT.mp4',
    });
  }
}

function decodingArgs(url: string, { width, height }: VideoSize): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error'],
    // Damage is an error, not something to be concealed.
    ...['-xerror', '-err_detect', 'explode'],
    // A change of the picture size must not restart the filters, which count frames.
    ...['-reinit_filter:v', '0'],
    // Times as the file states them, also when it does not begin at 0.
    '-copyts',
    ...[...ONLY_FILES, '-i', url, '-map', '0:V:0'],
    ...['-vf', filters(width, height), '-r', '25'],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
  ];
}

function filters(width: number, height: number): string {
  const flags = 'lanczos+accurate_rnd+full_chroma_int+full_chroma_inp';
  return [
    'format=rgb24',
    `scale=${width}:${height}:flags=${flags}:param0=2`,
    `settb=1/${MICROSECONDS}`,
    // Only frames with an entry are printed.
    'metadata=mode=add:key=seen:value=1',
    "metadata=mode=print:key=seen:file='pipe\\:3':direct=1",
    // Exactly 25 frames per second from here on, so that the output, which wants a constant rate, neither drops nor
    // repeats a frame. The option that would forbid that has another name in every second version.
    'settb=1/25',
    'setpts=N',
  ].join(',');
}
