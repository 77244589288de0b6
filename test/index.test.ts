import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addCounts,
  countsFromDisk,
  evaluate,
  openDataset,
  planEvaluation,
  ratesOf,
  readConversationRows,
  readRunHeader,
  summarise,
  UNIFORM_THRESHOLDS,
  zeroCounts,
} from '../src/index.js';
import { temporaryFolder, writeTree } from './helpers/dataset-folder.js';
import { tinyDataset } from './helpers/tiny-world.js';

const folder = temporaryFolder();

describe('a program', () => {
  it('runs a model and gets the same numbers again from what is on the disk', async () => {
    const dataset = await openDataset(writeTree(join(folder(), 'tiny'), tinyDataset('1', '2', '3')));
    const request = { model: 'energy-vad', options: {}, dataset, ids: dataset.ids, thresholdsAsked: false, seed: 1 };
    const { folder: run, header } = await evaluate(await planEvaluation({ ...request, sweep: UNIFORM_THRESHOLDS }), {
      outFolder: join(folder(), 'out'),
      tracks: false,
      stepDeadlineS: 30,
      argv: [],
      signal: new AbortController().signal,
      onProgress() {},
      onConversation() {},
    });

    expect(await readRunHeader(run.path)).toEqual(header);
    const rows = await readConversationRows(run.path);
    const { totals, sweep, operating_points, failures, timing } = header;
    expect(summarise(rows, header.spec, timing!.wall_s)).toEqual({ totals, sweep, operating_points, failures, timing });

    const counts = rows.flatMap((row) => (row.status === 'ok' && row.counts ? [countsFromDisk(row.counts)] : []));
    const { eot, floor } = ratesOf(counts.reduce(addCounts, zeroCounts()));
    expect([eot.recall, floor.accuracy]).toEqual([totals?.eot.recall, totals?.floor.accuracy]);
  });
});
