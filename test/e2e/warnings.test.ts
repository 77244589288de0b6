import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { TINY_ANNOTATIONS, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const WARNING = `labels that the gold rules do not know were ignored: 'Normal turn' (1, is 'Normal Turn' meant?)\n`;

beforeAll(() => {
  const [first, ...rest] = TINY_ANNOTATIONS.speaker_1.a;
  const a = [{ ...first!, label: 'Normal turn' }, ...rest];
  const annotations = { ...TINY_ANNOTATIONS, speaker_1: { a } };
  writeTree(join(place.folder, 'tiny'), { ...tinyDataset('1'), '1/annotations.json': annotations });
});

describe('a label that is written wrong', () => {
  it('is told wherever numbers are given, beside the product', async () => {
    const run = await place.inside(['eval', '-m', 'energy-vad', '-d', 'tiny', '--tracks', '--no-sweep', '-q']);
    expect(run.stdout).toContain(WARNING);
    const { path } = onlyRun(join(place.folder, 'results'));
    for (const command of ['score', 'sweep']) {
      const { stdout, stderr } = await place.inside([command, path, '-d', 'tiny', '--json']);
      expect(stderr).toBe(`warning: ${WARNING}`);
      expect(() => JSON.parse(stdout)).not.toThrow();
    }
  });
});
