import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildMimiEndpointer } from '../../../src/models/mimi/build.js';
import { readManifest } from '../../../src/models/mimi/manifest.js';
import { FIXTURES, TINY } from './tiny.js';

const SOURCES = {
  mimi: `${FIXTURES}/mimi.safetensors`,
  checkpoint: `${FIXTURES}/checkpoint.pt`,
  constants: TINY,
};

describe('buildMimiEndpointer', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mimi-build-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('writes four networks and a manifest of what they are made of', async () => {
    const files: string[] = [];
    const built = await buildMimiEndpointer({ ...SOURCES, folder, onFile: (file) => files.push(file) });
    expect(readdirSync(folder).sort()).toEqual([...files, 'manifest.json'].sort());
    expect(await readManifest(folder)).toEqual(built);
    expect(built.sources.mimi.file).toBe('mimi.safetensors');
    expect(built.dimensions.endpointer).toEqual({ dimension: 32, projection: 8, hidden: 16, layers: 2 });
    expect(built.graphs.map(({ states }) => states.length)).toEqual([10, 1, 1, 8]);
    expect(built.graphs[1]?.windows).toHaveLength(4);
  });

  it('gives the same bytes when built twice, in any folder', async () => {
    const other = join(folder, 'deeper', 'folder');
    const first = await buildMimiEndpointer({ ...SOURCES, folder });
    await buildMimiEndpointer({ ...SOURCES, folder: other });
    for (const file of [...first.graphs.map((graph) => graph.file), 'manifest.json']) {
      expect(readFileSync(join(other, file)).equals(readFileSync(join(folder, file))), file).toBe(true);
    }
  });

  it('leaves a good build alone when a source of the next one is damaged', async () => {
    await buildMimiEndpointer({ ...SOURCES, folder });
    const half = join(folder, 'half.safetensors');
    copyFileSync(SOURCES.mimi, half);
    truncateSync(half, 500_000);
    await expect(buildMimiEndpointer({ ...SOURCES, mimi: half, folder })).rejects.toThrow(
      /half\.safetensors: tensor '.*' ends at byte \d+ of the data, which has \d+/,
    );
    await readManifest(folder);
  });

  it('takes the two files for what they are when they are swapped', async () => {
    const swapped = { ...SOURCES, mimi: SOURCES.checkpoint, checkpoint: SOURCES.mimi, folder };
    await expect(buildMimiEndpointer(swapped)).rejects.toThrow(/checkpoint\.pt: tensor 'encoder\.model\.0.*is missing/);
  });

  it('does not guess what a codec of another size keeps to itself', async () => {
    const { constants: _, ...unknown } = SOURCES;
    await expect(buildMimiEndpointer({ ...unknown, folder })).rejects.toThrow(
      'mimi.safetensors is a codec of width 32; the published Mimi has 512',
    );
  });

  it('says so when a download was a web page, is empty, or is not there', async () => {
    const page = join(folder, 'page.pt');
    writeFileSync(page, '<!doctype html><title>Sign in</title>');
    const attempt = (checkpoint: string) => buildMimiEndpointer({ ...SOURCES, checkpoint, folder });
    await expect(attempt(page)).rejects.toMatchObject({ hint: expect.stringContaining('web page') });
    writeFileSync(page, '');
    await expect(attempt(page)).rejects.toThrow(/is empty/);
    await expect(attempt(join(folder, 'none.pt'))).rejects.toThrow(/cannot read .*none\.pt/);
  });
});

describe('readManifest', () => {
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mimi-manifest-'));
    await buildMimiEndpointer({ ...SOURCES, folder });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('refuses a folder in which nothing was built, with the commands that do it', async () => {
    await expect(readManifest(join(folder, 'none'))).rejects.toMatchObject({
      exitCode: 5,
      hint: expect.stringMatching(/models pull mimi-endpointer.*models build mimi-endpointer/),
    });
  });

  it('refuses networks that were changed, are missing, or come from another version', async () => {
    const encoder = join(folder, 'encoder.onnx');
    const original = readFileSync(encoder);
    writeFileSync(encoder, Buffer.concat([original.subarray(0, -1), Buffer.of(1)]));
    await expect(readManifest(folder)).rejects.toThrow(/encoder\.onnx is not as it was built/);
    rmSync(encoder);
    await expect(readManifest(folder)).rejects.toThrow(/encoder\.onnx is missing/);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, builder_version: 0 }));
    await expect(readManifest(folder)).rejects.toThrow(/built by another version/);
  });

  it('refuses a manifest that names files elsewhere', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    manifest.graphs[0].file = '../../etc/passwd';
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await expect(readManifest(folder)).rejects.toThrow(/another version/);
  });
});
