/** Data-set folders for tests, drawn as a tree of paths and contents. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** By path below the folder, with `/`. Objects are written as JSON; `undefined` leaves a file of a base tree out. */
export type Tree = Readonly<Record<string, string | Uint8Array | object | undefined>>;

/** A fresh folder for each test of the file or block, removed after it. Call the result to get its path. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

export function writeTree(folder: string, tree: Tree): string {
  for (const [path, content] of Object.entries(tree)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(folder, path), raw ? content : JSON.stringify(content));
  }
  return folder;
}

/** A 16-bit WAV file. @param channels samples in [-32768, 32767], one list per channel, all of equal length. */
export function wav(channels: readonly (readonly number[])[], sampleRateHz = 8000): Uint8Array {
  const frames = channels[0]?.length ?? 0;
  const dataBytes = frames * channels.length * 2;
  const file = Buffer.alloc(44 + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRateHz, 24);
  file.writeUInt32LE(sampleRateHz * channels.length * 2, 28);
  file.writeUInt16LE(channels.length * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  for (let i = 0; i < frames; i++) {
    channels.forEach((samples, c) => {
      file.writeInt16LE(samples[i] ?? 0, 44 + (i * channels.length + c) * 2);
    });
  }
  return file;
}

/** Silence of so many samples at 8 kHz. */
export function silence(samples: number): number[] {
  return new Array<number>(samples).fill(0);
}
