/** WAV files byte by byte, right ones and wrong ones, and a folder to put them in. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** RIFF chunk with its pad byte. */
export function chunk(id: string, content: Uint8Array, statedBytes = content.length): Uint8Array {
  const bytes = new Uint8Array(8 + content.length + (content.length % 2));
  bytes.set(new TextEncoder().encode(id));
  new DataView(bytes.buffer).setUint32(4, statedBytes, true);
  bytes.set(content, 8);
  return bytes;
}

export interface Format {
  code?: number;
  bits?: number;
  channels?: number;
  rate?: number;
  frameBytes?: number;
}

export function formatChunk(format: Format = {}): Uint8Array {
  const { code = 1, bits = 16, channels = 1, rate = 16_000 } = format;
  const frameBytes = format.frameBytes ?? channels * Math.ceil(bits / 8);
  const view = new DataView(new ArrayBuffer(16));
  view.setUint16(0, code, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, rate, true);
  view.setUint32(8, rate * frameBytes, true);
  view.setUint16(12, frameBytes, true);
  view.setUint16(14, bits, true);
  return chunk('fmt ', new Uint8Array(view.buffer));
}

export function riff(...chunks: readonly Uint8Array[]): Uint8Array {
  const body = concat([new TextEncoder().encode('WAVE'), ...chunks]);
  return chunk('RIFF', body);
}

/** A plain file: format and data. */
export function wavBytes(format: Format, data: Uint8Array | ArrayBufferView): Uint8Array {
  return riff(formatChunk(format), chunk('data', new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const folder = mkdtempSync(join(tmpdir(), 'turnbench-audio-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Write a file into a folder that is removed after the tests. @returns its path. */
export function tempFile(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

export function audioFixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/audio/${name}`, import.meta.url));
}

/** The integers that the FLAC fixtures hold. */
export function fixtureNoise(count: number, bits: number): number[] {
  let x = 1;
  return Array.from({ length: count }, () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return (x >>> (32 - bits)) - 2 ** (bits - 1);
  });
}
