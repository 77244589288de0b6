/** Samples as servers take them. */

import { STEPS_PER_SECOND } from '../core/time.js';

/**
 * 16-bit little-endian PCM of samples in [-1, 1]; what is beyond is clipped.
 * Full scale is 32767, as the clients of these servers have it.
 */
export function pcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, samples[i]!)) * 32767), i * 2);
  }
  return bytes;
}

/** Back to samples; half a sample at the end is left out. */
export function fromPcm16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength >> 1 }, (_, i) => view.getInt16(i * 2, true) / 32767);
}

/** Length of base64 16-bit PCM without decoding it, s. */
export function pcm16Seconds(base64: string, sampleRateHz: number): number {
  return Math.floor(Buffer.byteLength(base64, 'base64') / 2) / sampleRateHz;
}

export function stepsOf(seconds: number): number {
  return Math.round(seconds * STEPS_PER_SECOND);
}
