/**
 * Interleaved samples of any WAV encoding to one Float32Array per channel. Full scale is 2^(bits-1) for integers:
 * 16-bit `v` becomes v / 32768, 8-bit (v - 128) / 128. The division is exact, so equal integers of different widths
 * give equal samples up to 24 bits; 32-bit integers and doubles are rounded to the nearest float.
 */

import type { WavEncoding } from './wav-header.js';

/** Convert `count` sample frames from frame `from` of the block on, writing to `into[channel][at…]`. */
export type Unpack = (from: number, count: number, into: readonly Float32Array[], at: number) => void;

/**
 * @param block whole sample frames, little-endian; the views on it are made once. (So must the machine be, as every
 *   one with a build of onnxruntime is.)
 */
export async function makeUnpack(encoding: WavEncoding, block: ArrayBuffer, channels: number): Promise<Unpack> {
  switch (encoding) {
    case 's16':
      return scaled(new Int16Array(block), channels, 1 / 0x8000);
    case 's32':
      return scaled(new Int32Array(block), channels, 1 / 0x8000_0000);
    case 'f32':
      return scaled(new Float32Array(block), channels, 1);
    case 'f64':
      return scaled(new Float64Array(block), channels, 1);
    case 's24':
      return packed24(new Uint8Array(block), channels);
    case 'u8':
      return looked(
        new Uint8Array(block),
        channels,
        new Float32Array(256).map((_, code) => (code - 128) / 128),
      );
    case 'alaw':
    case 'mulaw':
      return looked(new Uint8Array(block), channels, await compandingTable(encoding));
  }
}

type Samples = Int16Array | Int32Array | Float32Array | Float64Array;

function scaled(samples: Samples, channels: number, scale: number): Unpack {
  return (from, count, into, at) => {
    for (let channel = 0; channel < channels; channel++) {
      const out = into[channel] as Float32Array;
      for (let i = 0, k = from * channels + channel; i < count; i++, k += channels) {
        out[at + i] = (samples[k] as number) * scale;
      }
    }
  };
}

function packed24(bytes: Uint8Array, channels: number): Unpack {
  return (from, count, into, at) => {
    for (let channel = 0; channel < channels; channel++) {
      const out = into[channel] as Float32Array;
      for (let i = 0, k = 3 * (from * channels + channel); i < count; i++, k += 3 * channels) {
        // The sign is that of the third byte: build the number in the upper 24 bits.
        const value = ((bytes[k] as number) << 8) | ((bytes[k + 1] as number) << 16) | ((bytes[k + 2] as number) << 24);
        out[at + i] = value / 0x8000_0000;
      }
    }
  };
}

function looked(codes: Uint8Array, channels: number, table: Float32Array): Unpack {
  return (from, count, into, at) => {
    for (let channel = 0; channel < channels; channel++) {
      const out = into[channel] as Float32Array;
      for (let i = 0, k = from * channels + channel; i < count; i++, k += channels) {
        out[at + i] = table[codes[k] as number] as number;
      }
    }
  };
}

/** The 256 values of A-law or µ-law (ITU-T G.711), decoded by `wavefile`: the code has no memory, so a table does. */
async function compandingTable(law: 'alaw' | 'mulaw'): Promise<Float32Array> {
  const { default: wavefile } = await import('wavefile');
  const wav = new wavefile.WaveFile();
  wav.fromScratch(
    1,
    8000,
    law === 'alaw' ? '8a' : '8m',
    Array.from({ length: 256 }, (_, code) => code),
  );
  if (law === 'alaw') wav.fromALaw();
  else wav.fromMuLaw();
  return Float32Array.from(wav.getSamples(false, Int16Array) as unknown as Int16Array, (value) => value / 0x8000);
}
