/** Run folders: what is in them, and that nothing ever happens to an old one. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunHeader } from '../../src/result/schema.js';
import { type RunFiles, runFolders, withoutTiming, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '10'));
  writeTree(place.folder, { 'loud.mjs': modelSource(LOUDNESS) });
});

describe('the numbers of a run', () => {
  it('are those counted by hand', async () => {
    const out = join(place.folder, 'by-hand');
    const { code } = await place.run(['eval', '-m', './loud.mjs', '-d', 'tiny', '--ids', '1', '--out', out]);
    expect(code).toBe(0);
    const [run] = runFolders(out) as [RunFiles];

    // Every decision comes at the end of the step that revealed it, so each event is 20 ms late.
    const events = {
      speaker_1: { eot: [1.52, 2.52, 5.52], interruption: [0.52, 1.92, 4.02] },
      speaker_2: { eot: [1.32, 4.52], interruption: [1.02, 3.02] },
    };
    expect(JSON.parse(run.read('predictions.json'))).toEqual({
      schema_version: 1,
      predictions: [{ conversation_id: '1', ...events }],
    });

    const { eot, int, floor, endpoint, audio_hours } = run.header.totals!;
    // The pause and the backchannel are the two spans in which an event is wrong; both fired.
    expect(eot).toMatchObject({ tp: 3, fn: 0, fp: 1, tn: 0, recall: 1, fp_rate: 1 });
    expect(int).toMatchObject({ tp: 1, fn: 0, fp: 1, tn: 0, recall: 1, fp_rate: 1 });
    for (const { latency_ms } of [eot, int]) {
      for (const ms of Object.values(latency_ms)) expect(ms).toBeCloseTo(20, 9);
    }
    // 600 steps: wrong only in the pause (20 steps released) and during the backchannel (15 steps held).
    expect(floor).toMatchObject({ confusion: { tp: 230, fn: 20, fp: 15, tn: 335 }, holds: 1, shifts: 1 });
    expect(floor.accuracy).toBe(565 / 600);
    expect(floor).toMatchObject({ hold_accuracy: 0, shift_accuracy: 1 });
    // Ten edges in twice six seconds.
    expect(floor.flips_per_minute).toBe(50);
    // Of three turns one was cut off: its first event came at the pause, a second before its end.
    expect(endpoint).toMatchObject({ anchors: 3, cut_offs: 1, missed: 0, cutoff_rate: 1 / 3 });
    expect(audio_hours).toBe(6 / 3600);
    expect(run.rows[0]).toMatchObject({ conversation_id: '1', duration_s: 6, tags: { conversation_type: 'odd' } });
    // One conversation says nothing about the spread between conversations.
    expect(eot.intervals.recall).toBeNull();
  });
});

describe('running the same command again', () => {
  it('makes a new folder with the same bytes, and leaves the old one as it was', async () => {
    const out = join(place.folder, 'twice');
    const command = ['eval', '-m', './loud.mjs', '-d', 'tiny', '--tracks', '--out', out];
    expect((await place.run(command)).code).toBe(0);
    const [before] = runFolders(out) as [RunFiles];
    const stateOf = ({ path }: RunFiles) =>
      readdirSync(path, { recursive: true, encoding: 'utf8' })
        .map((file) => join(path, file))
        .filter((file) => statSync(file).isFile())
        .map((file) => [file, statSync(file).mtimeMs, readFileSync(file, 'utf8')]);
    const state = stateOf(before);

    expect((await place.run(command)).code).toBe(0);
    const runs = runFolders(out);
    expect(runs).toHaveLength(2);
    const again = runs.find(({ path }) => path !== before.path)!;
    expect(stateOf(before)).toEqual(state);
    const figures = readdirSync(join(before.path, 'figures')).map((file) => `figures/${file}`);
    for (const file of ['predictions.json', 'sweep.csv', 'probs-eot.json', 'probs-int.json', ...figures]) {
      expect(again.read(file)).toBe(before.read(file));
    }
    expect(withoutTiming(again)).toEqual(withoutTiming(before));
    expect(numbersOf(again.header)).toEqual(numbersOf(before.header));
  });
});

describe('the order of conversations', () => {
  it('is as people count, whatever order they were asked for in', async () => {
    const out = join(place.folder, 'order');
    await place.run(['eval', '-m', 'never', '-d', 'tiny', '--ids', '10, 2', '--ids', '1', '-q', '--out', out]);
    const [run] = runFolders(out) as [RunFiles];
    expect(run.header.spec.dataset.ids).toEqual(['1', '2', '10']);
    expect(run.rows.map((row) => row.conversation_id)).toEqual(['1', '2', '10']);
  });
});

function numbersOf({ spec, spec_sha256, totals, sweep, operating_points, warnings }: RunHeader): unknown {
  return { spec, spec_sha256, totals, sweep, operating_points, warnings };
}
