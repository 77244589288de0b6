/**
 * What a file holds, by its first bytes. Names lie: a `.flac` that is an MP3 would otherwise fail deep inside a
 * decoder, or worse, decode to something.
 */

import { UserError } from '../core/errors.js';

export type AudioFormat = 'wav' | 'flac';

/** Bytes that `sniffFormat` looks at. */
export const SNIFF_BYTES = 16;

/** @throws UserError naming what the file is when it is neither WAV nor FLAC. */
export function sniffFormat(path: string, head: Uint8Array): AudioFormat {
  const text = String.fromCharCode(...head.subarray(0, SNIFF_BYTES));
  if (/^(RIFF|RF64|BW64)....WAVE/s.test(text)) return 'wav';
  if (text.startsWith('fLaC')) return 'flac';
  const pointer = text.startsWith('version https:/');
  throw new UserError(`${path}: this is ${describe(text)}, not WAV or FLAC`, {
    hint: pointer
      ? 'fetch the real file: git lfs pull'
      : 'convert it, for example: ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav',
  });
}

function describe(text: string): string {
  return SIGNATURES.find(([pattern]) => pattern.test(text))?.[1] ?? 'no audio format that is known';
}

const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^ID3/, 'an MP3 (it begins with an ID3 tag)'],
  // 11 sync bits; the two layer bits are 00 in AAC (ADTS) and never in MPEG layers II and III.
  [/^\xff[\xf0\xf1\xf8\xf9]/, 'AAC audio (ADTS)'],
  [/^\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]/, 'an MP3'],
  [/^OggS/, 'an Ogg stream (Vorbis, Opus or Ogg FLAC)'],
  [/^RIFX/, 'a big-endian WAV (RIFX)'],
  [/^RIFF/, 'a RIFF file that holds no WAVE audio'],
  [/^....ftyp/s, 'an MP4 or M4A'],
  [/^FORM....AIF/s, 'an AIFF'],
  [/^caff/, 'a Core Audio file (CAF)'],
  [/^\.snd/, 'a Sun AU file'],
  [/^NIST_1A/, 'a NIST SPHERE file'],
  [/^.E\xdf\xa3/s, 'a Matroska or WebM file'],
  [/^wvpk/, 'a WavPack file'],
  [/^#!AMR/, 'an AMR file'],
  [/^0&\xb2u/, 'a Windows Media file'],
  [/^PK/, 'a ZIP archive'],
  [/^.\x8b/s, 'a gzip archive'],
  [/^version https:\//, 'a Git LFS pointer'],
  [/^\s*</, 'an HTML or XML page'],
  [/^\s*[{[]/, 'JSON text'],
  [/^\0+$/, 'nothing but zero bytes'],
];
