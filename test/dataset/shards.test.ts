/** Shards as pyarrow writes them, in the forms that its options give (test/fixtures/parquet/make.py). */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/dataset/catalogue.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { readAll } from '../helpers/samples.js';

const folder = temporaryFolder();
beforeEach(() => vi.stubEnv('TURNBENCH_CACHE', join(folder(), 'cache')));
afterEach(() => vi.unstubAllEnvs());

function shardFolder(name: string): string {
  const path = writeTree(join(folder(), 'set'), { 'dataset.json': { name: 'set' } });
  copyFileSync(fileURLToPath(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url)), join(path, 'a.parquet'));
  return path;
}

describe('shards that pyarrow writes', () => {
  it.each([
    ['with its usual options: Snappy, a dictionary of audio', 'default'],
    ['without compression or dictionary, with an index of pages', 'plain'],
    ['with a dictionary that is not compressed, in several row groups', 'dictionary'],
    ['with zstd', 'zstd'],
    ['with gzip', 'gzip'],
    ['with Brotli', 'brotli'],
    ['with audio as bare bytes and metadata as JSON', 'raw-columns'],
  ])('can be read %s', async (_, name) => {
    const dataset = await openDataset(shardFolder(name));
    expect(dataset.ids).toEqual(['8', '9', '10']);
    for (const [row, id] of dataset.ids.entries()) {
      const { durationS, tags, annotations, audio } = await dataset.open(id);
      expect(durationS).toBe(0.5);
      expect(tags).toEqual({ conversation_type: 'Casual', takes: String(row), clean: String(row === 1) });
      expect(annotations?.[2][1]).toEqual({
        annotator: 'b',
        segments:
          row === 2
            ? []
            : [
                {
                  startS: 0.21000000000000002,
                  endS: 0.31000000000000005,
                  label: 'Normal Turn',
                  ...(row === 0 && { text: 'so' }),
                },
              ],
      });
      const samples = await readAll(audio!, 1500);
      for (const speaker of [1, 2] as const) {
        const seed = 2 * row + speaker;
        const expected = Float32Array.from({ length: 4000 }, (__, i) => (((i * 37 * seed) % 2001) - 1000) / 32768);
        expect(samples[speaker]).toEqual(expected);
      }
    }
  });
});
