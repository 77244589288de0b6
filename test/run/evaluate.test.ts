import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/conversation.js';
import { openDirectory } from '../../src/dataset/directory.js';
import { readConversationRows, readRunHeader } from '../../src/result/run-folder.js';
import { evaluate } from '../../src/run/evaluate.js';
import { planEvaluation } from '../../src/run/plan.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { tinyDataset } from '../helpers/tiny-world.js';

const folder = temporaryFolder();

async function run(wrap: (dataset: Dataset) => Dataset) {
  const dataset = wrap(await openDirectory(writeTree(join(folder(), 'tiny'), tinyDataset('1', '2', '3'))));
  const request = { model: 'energy-vad', options: {}, ids: dataset.ids, sweep: null, thresholdsAsked: false, seed: 1 };
  return evaluate(await planEvaluation({ ...request, dataset }), {
    outFolder: join(folder(), 'out'),
    tracks: false,
    stepDeadlineS: 30,
    argv: [],
    signal: new AbortController().signal,
    onProgress() {},
    onConversation() {},
  });
}

describe('a run that cannot go on', () => {
  it('keeps the rows and the events of what was finished, and says that it is not whole', async () => {
    const broken = (dataset: Dataset): Dataset => ({
      ...dataset,
      open: async (id) => {
        if (id === '3') throw new Error('a bug');
        return dataset.open(id);
      },
    });
    await expect(run(broken)).rejects.toThrow('a bug');

    const [name] = readdirSync(join(folder(), 'out'));
    const path = join(folder(), 'out', name!);
    expect(await readRunHeader(path)).toMatchObject({ status: 'failed', warnings: ['the run stopped: a bug'] });
    expect((await readConversationRows(path)).map((row) => row.conversation_id)).toEqual(['1', '2']);
    const { predictions } = JSON.parse(readFileSync(join(path, 'predictions.json'), 'utf8'));
    expect(predictions.map((entry: { conversation_id: string }) => entry.conversation_id)).toEqual(['1', '2']);
    expect(predictions[0].speaker_1.eot.length).toBeGreaterThan(0);
  });
});
