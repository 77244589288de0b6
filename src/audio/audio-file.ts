/** One audio file on disk: what its header says and a reader of all its channels. */

import type { Awaitable } from '../core/awaitable.js';
import type { AudioFormat } from './sniff.js';

export interface AudioHeader {
  readonly format: AudioFormat;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Samples per channel, at least 1. */
  readonly length: number;
}

export interface AudioFile extends AudioHeader {
  readonly path: string;
  /** A reader from the first sample on. Every call opens the file anew. */
  open(): Promise<ChannelReader>;
}

export interface ChannelReader {
  /**
   * Fill one buffer per channel (of equal length) with the next samples.
   * @returns samples written per channel; less than asked for only at the end, after `length` samples.
   * @throws UserError on audio that cannot be decoded or is not finite, naming file, channel and time.
   */
  read(into: readonly Float32Array[]): Awaitable<number>;
  close(): void;
}
