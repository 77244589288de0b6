/** Video is decoded by an external program that is optional. Where it is missing, tests that need it are left out. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const isInstalled = ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0);
if (!isInstalled) process.stderr.write('note: ffmpeg is not installed, so the tests that decode video are left out\n');

/** `describe`, where there is an ffmpeg. */
export const describeWithFfmpeg = describe.skipIf(!isInstalled);

/** Absolute path of a fixture. */
export function videoPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/video/${name}`, import.meta.url));
}

export function videoBytes(name: string): Buffer {
  return readFileSync(videoPath(name));
}
