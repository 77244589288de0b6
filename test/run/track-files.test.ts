import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunFolder } from '../../src/result/run-folder.js';
import { TrackFiles } from '../../src/run/track-files.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

async function newRun(): Promise<RunFolder> {
  return RunFolder.create(folder(), new Date(0), 'model', 'tiny', 'abcdef');
}

describe('probability files of a run', () => {
  it('say P(floor) for onsets and its complement for ends, one value per whole frame of the duration', async () => {
    const run = await newRun();
    const tracks = new TrackFiles(run);
    const pFloor = { 1: Float64Array.of(0, 0.25, 1), 2: Float64Array.of(1, 1, 0.5) };
    await tracks.add('10', 0.06, pFloor);
    // A process that goes on later knows what is there.
    expect(new TrackFiles(run).has('10')).toBe(true);
    expect(tracks.has('2')).toBe(false);
    await tracks.add('2', 0.04, pFloor);
    expect(await tracks.write(['2', '10'])).toEqual([]);
    await tracks.clear();
    await run.close();
    const read = (task: string) => JSON.parse(readFileSync(join(run.path, `probs-${task}.json`), 'utf8'));
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
    expect(readdirSync(run.path).sort()).toEqual(['conversations.jsonl', 'probs-eot.json', 'probs-int.json']);
  });

  it('are not written when there is nothing to say, which is said', async () => {
    const run = await newRun();
    const tracks = new TrackFiles(run);
    await tracks.add('2', 0.04, null);
    const warnings = await tracks.write(['2']);
    await run.close();
    expect(existsSync(join(run.path, 'probs-eot.json'))).toBe(false);
    expect(warnings).toEqual(['no probability files were written: nothing answered P(floor)']);
  });
});
