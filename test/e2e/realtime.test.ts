/** `eval --realtime` from the command line: what it writes; how long anything takes is not tested. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  const tiny = tinyDataset('1', '2');
  writeTree(join(place.folder, 'tiny'), tiny);
  writeTree(join(place.folder, 'unmarked'), {
    ...tiny,
    '1/annotations.json': undefined,
    '2/annotations.json': undefined,
  });
  writeTree(place.folder, { 'loud.mjs': modelSource(LOUDNESS) });
});

describe('eval --realtime', () => {
  it('scores events at the times at which they would have left, and writes how long steps took', async () => {
    const out = join(place.folder, 'live');
    const command = ['eval', '-m', './loud.mjs', '-d', 'tiny', '--no-sweep', '-q', '--realtime', '--out', out];
    const { code, stdout } = await place.run(command);
    expect(code).toBe(0);
    expect(stdout).toContain('\nlive on this machine\n');

    const { header, rows, read } = onlyRun(out);
    expect(header.spec.realtime).toBe(true);
    expect(header.timing?.deployed).toMatchObject({ steps: 1200 });
    const { deployed, eot } = header.totals!;
    expect(deployed).toMatchObject({ eot: { tp: eot.tp, fn: eot.fn }, endpoint: { anchors: 6 } });
    expect(deployed!.eot.latency_ms.p50).toBeGreaterThan(eot.latency_ms.p50!);
    for (const row of rows) {
      const steps = row.status === 'ok' ? row.deployed!.step_bins.reduce((sum, [, count]) => sum + count, 0) : 0;
      expect(steps).toBe(600);
    }
    expect(read('report.md')).toContain('\n## Live on this machine\n');
    // The public files are at audio time.
    expect(JSON.parse(read('predictions.json')).predictions[0].speaker_1.eot).toEqual([1.52, 2.52, 5.52]);
  });

  it('times steps also where there is nothing to score', async () => {
    const out = join(place.folder, 'unscored');
    await place.inside(['eval', '-m', 'never', '-d', 'unmarked', '-q', '--realtime', '--out', out]);
    const { header, read } = onlyRun(out);
    expect(header).toMatchObject({ totals: null, timing: { deployed: { steps: 1200 } } });
    expect(read('report.md')).toContain('\n## Live on this machine\n');
  });

  it('refuses the oracle, which computes nothing', async () => {
    const { code, stderr } = await place.inside(['eval', '-m', 'oracle', '-d', 'tiny', '--realtime']);
    expect(code).toBe(2);
    expect(stderr).toContain("'oracle' computes nothing that could be timed");
  });
});
