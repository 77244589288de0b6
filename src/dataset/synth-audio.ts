/**
 * Audio for generated conversations: bursts of noise with the loudness and the syllables of speech over a quiet noise
 * floor. Both are drawn once and copied from a random place, so that hours are written as fast as the disk takes them.
 */

import { open } from 'node:fs/promises';
import type { Segment } from '../core/conversation.js';
import type { Prng } from '../core/prng.js';
import { wav16Header } from './assemble-wav.js';

export interface Texture {
  /** 16-bit samples, RMS about −25 dBFS, never quiet for as long as a phoneme. */
  readonly speech: Int16Array;
  /** RMS about −60 dBFS. */
  readonly silence: Int16Array;
}

/** Samples held at once, s. */
const CHUNK_S = 10;

export function drawTexture(sampleRateHz: number, prng: Prng): Texture {
  const speech = new Int16Array(8 * sampleRateHz);
  const syllable = Math.round(sampleRateHz / 4);
  let smooth = 0;
  for (let i = 0; i < speech.length; i++) {
    const phase = (i % syllable) / syllable;
    const envelope = 0.4 + 1.2 * Math.min(phase, 1 - phase);
    // One pole: most energy at low frequencies, as in a voice.
    smooth = 0.8 * smooth + 0.2 * (prng.float() - 0.5);
    speech[i] = Math.round(smooth * envelope * 28_000);
  }
  const silence = Int16Array.from({ length: 5 * sampleRateHz }, () => Math.round((prng.float() - 0.5) * 113));
  return { speech, silence };
}

/**
 * Write channels into one 16-bit WAV, a few seconds at a time.
 * @param channels segments of each channel, by start, without overlaps
 */
export async function writeSynthWav(
  path: string,
  sampleRateHz: number,
  durationS: number,
  channels: readonly (readonly Segment[])[],
  texture: Texture,
): Promise<void> {
  const length = Math.round(durationS * sampleRateHz);
  const chunk = CHUNK_S * sampleRateHz;
  const file = await open(path, 'w');
  try {
    await file.write(wav16Header(sampleRateHz, channels.length, length));
    for (let start = 0; start < length; start += chunk) {
      const end = Math.min(length, start + chunk);
      const pieces = channels.map((segments) => renderPiece(segments, sampleRateHz, start, end, texture));
      await file.write(new Uint8Array(interleave(pieces).buffer));
    }
  } finally {
    await file.close();
  }
}

/** Samples `start` to `end` (exclusive) of one channel. Does not depend on how the channel is cut into pieces. */
function renderPiece(segments: readonly Segment[], sampleRateHz: number, start: number, end: number, texture: Texture) {
  const piece = new Int16Array(end - start);
  copyCyclic(piece, texture.silence, start);
  for (const { startS, endS } of segments) {
    const from = Math.round(startS * sampleRateHz);
    const first = Math.max(from, start);
    const last = Math.min(Math.round(endS * sampleRateHz), end);
    if (first >= last) continue;
    // Every segment begins somewhere else in the texture: 7919 is a prime.
    copyCyclic(piece.subarray(first - start, last - start), texture.speech, from * 7919 + (first - from));
  }
  return piece;
}

/** Fill `target` from an endless repetition of `source`, beginning at `phase`. */
function copyCyclic(target: Int16Array, source: Int16Array, phase: number): void {
  let at = phase % source.length;
  for (let done = 0; done < target.length; at = 0) {
    const piece = source.subarray(at, at + target.length - done);
    target.set(piece, done);
    done += piece.length;
  }
}

function interleave(pieces: readonly Int16Array[]): Int16Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const mixed = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.forEach((piece, channel) => {
    for (let i = 0; i < piece.length; i++) mixed[i * pieces.length + channel] = piece[i]!;
  });
  return mixed;
}
