import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/copy-assets.mjs', import.meta.url));
const asset = fileURLToPath(new URL('../../assets/silero_vad_v6.onnx', import.meta.url));
const shipped = fileURLToPath(
  new URL('../../node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx', import.meta.url),
);
const elsewhere = mkdtempSync(join(tmpdir(), 'turnbench-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

describe('copy-assets', () => {
  it('leaves verified files alone', () => {
    const before = statSync(asset).mtimeMs;
    expect(run(script)).toEqual({ status: 0, stderr: '' });
    expect(statSync(asset).mtimeMs).toBe(before);
  });

  it('copies only what is installed and has the right content', () => {
    const copy = join(elsewhere, 'scripts/copy-assets.mjs');
    const source = join(elsewhere, 'node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx');
    const target = join(elsewhere, 'assets/silero_vad_v6.onnx');
    mkdirSync(join(elsewhere, 'scripts'));
    copyFileSync(script, copy);
    expect(run(copy)).toMatchObject({ status: 1, stderr: expect.stringContaining('is not installed: run') });

    mkdirSync(join(source, '..'), { recursive: true });
    writeFileSync(source, 'other weights');
    expect(run(copy)).toMatchObject({ status: 1, stderr: expect.stringContaining('has SHA-256') });
    expect(existsSync(target)).toBe(false);

    copyFileSync(shipped, source);
    expect(run(copy)).toEqual({ status: 0, stderr: '' });
    expect(statSync(target).size).toBe(statSync(shipped).size);
  });
});

function run(path: string): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
  return { status, stderr };
}
