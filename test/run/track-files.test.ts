import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunFolder } from '../../src/result/run-folder.js';
import { TrackFiles } from '../../src/run/track-files.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

async function written(tracks: TrackFiles): Promise<string> {
  const run = await RunFolder.create(folder(), new Date(0), 'model', 'tiny', 'abcdef');
  await tracks.write(run);
  await run.close();
  return run.path;
}

describe('probability files of a run', () => {
  it('say P(floor) for onsets and its complement for ends, one value per whole frame of the duration', async () => {
    const tracks = new TrackFiles();
    const pFloor = { 1: Float64Array.of(0, 0.25, 1), 2: Float64Array.of(1, 1, 0.5) };
    tracks.add('10', 0.06, pFloor);
    tracks.add('2', 0.04, pFloor);
    const path = await written(tracks);
    const read = (task: string) => JSON.parse(readFileSync(join(path, `probs-${task}.json`), 'utf8'));
    expect(read('int')).toEqual({
      schema_version: 1,
      task: 'int',
      frame_rate_hz: 50,
      probs: [
        { conversation_id: '2', speaker_1: { prob: [0, 0.25] }, speaker_2: { prob: [1, 1] } },
        { conversation_id: '10', speaker_1: { prob: [0, 0.25, 1] }, speaker_2: { prob: [1, 1, 0.5] } },
      ],
    });
    expect(read('eot')).toMatchObject({ task: 'eot', probs: [{}, { speaker_1: { prob: [1, 0.75, 0] } }] });
    expect(tracks.warnings()).toEqual([]);
  });

  it('are not written when there is nothing to say, which is said', async () => {
    const tracks = new TrackFiles();
    const path = await written(tracks);
    expect(existsSync(join(path, 'probs-eot.json'))).toBe(false);
    expect(tracks.warnings()).toEqual(['no probability files were written: nothing answered P(floor)']);
  });
});
