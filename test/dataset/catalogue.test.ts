import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listDatasets, openDataset } from '../../src/dataset/catalogue.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

describe('the catalogue of data sets', () => {
  it('lists the bundled data set without loading it', () => {
    expect(listDatasets().map(({ name }) => name)).toContain('mini');
  });

  it('opens a folder by its path', async () => {
    const path = writeTree(join(folder(), 'mine'), {
      'dataset.json': { name: 'calls' },
      '1/metadata.json': { duration_s: 1 },
    });
    const { info, ids } = await openDataset(path);
    expect([info.name, ids]).toEqual(['calls', ['1']]);
  });

  it('suggests a name, or to check the path, when there is neither', async () => {
    await expect(openDataset('minni')).rejects.toMatchObject({
      message: "unknown data set 'minni': did you mean 'mini'?",
    });
    await expect(openDataset('./no/such/folder')).rejects.toMatchObject({
      message: 'no such data-set folder: ./no/such/folder',
      hint: expect.stringContaining('mini'),
    });
  });
});
