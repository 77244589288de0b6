/** The worked example of the documents: its files give what is printed and tabulated there. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Counts, FLOOR_STATES, type FloorState } from '../src/core/counts.js';
import { type PerSpeaker, perSpeaker } from '../src/core/speaker.js';
import { STEPS_PER_SECOND } from '../src/core/time.js';
import type { FloorTrack } from '../src/core/tracks.js';
import { openDirectory } from '../src/dataset/directory.js';
import { eventsOf } from '../src/decide/floor.js';
import { buildGold } from '../src/gold/build.js';
import { renderTaskSweep } from '../src/report/sweep-table.js';
import { renderText } from '../src/report/table.js';
import { taskTable } from '../src/report/task-table.js';
import { parsePredictions } from '../src/result/predictions.js';
import { scorePredictionsFile } from '../src/run/score-file.js';
import { sweepProbabilityFile } from '../src/run/sweep-file.js';
import { prepareConversation, scoreConversation } from '../src/score/conversation.js';
import { cutoffRateAt } from '../src/score/endpoint-curve.js';
import { RATIOS, type Ratio, type RatioName, stateRatio } from '../src/score/ratios.js';
import { operatingChoices } from '../src/sweep/operating-point.js';
import { temporaryFolder, writeTree } from './helpers/dataset-folder.js';

const document = (name: string): string => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
const datasets = document('datasets.md');
const methodology = document('methodology.md');

/** Fenced files, each named in a line of its own before the fence. */
const files = Object.fromEntries(
  [...datasets.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)```/gm)].map(([, path, content]) => [path, content]),
);

const folder = temporaryFolder();

describe('the example of docs/datasets.md', () => {
  it('has the revision printed there', async () => {
    const dataset = await openDirectory(join(writeTree(folder(), files), 'my-data'));
    expect(datasets).toContain(`(revision ${dataset.info.revision})`);
  });

  it('scores as printed there', async () => {
    const dataset = await openDirectory(join(writeTree(folder(), files), 'my-data'));
    const { eot, int } = await scorePredictionsFile(join(folder(), 'predictions.json'), dataset);
    const table = taskTable([
      ['EOT', eot],
      ['INT', int],
    ]);
    expect(datasets).toContain(renderText(table));
  });

  it('sweeps as printed there', async () => {
    const dataset = await openDirectory(join(writeTree(folder(), files), 'my-data'));
    const options = { thresholds: [0.35, 0.5, 0.65, 0.85], fpBudget: 0.1, refractoryS: 2 };
    const sweep = await sweepProbabilityFile(join(folder(), 'probs-eot.json'), dataset, options);
    expect(datasets).toContain(renderTaskSweep(sweep, 0.1));
  });
});

describe('the tables of docs/methodology.md', () => {
  const METRICS: Readonly<Record<string, RatioName>> = {
    'eot.recall': 'eotRecall',
    'eot.fp_rate': 'eotFpRate',
    'eot.false_alarms_per_hour': 'eotFalseAlarmsPerHour',
    'int.recall': 'intRecall',
    'int.fp_rate': 'intFpRate',
    'int.false_alarms_per_hour': 'intFalseAlarmsPerHour',
    'floor.accuracy': 'floorAccuracy',
    'floor.precision': 'floorPrecision',
    'floor.recall': 'floorRecall',
    'floor.f1': 'floorF1',
    'floor.hold_accuracy': 'holdAccuracy',
    'floor.shift_accuracy': 'shiftAccuracy',
    'floor.flips_per_minute': 'flipsPerMinute',
    'endpoint.cutoff_rate': 'cutoffRate',
  };

  it('have every rate of the example, counted right', async () => {
    const counts = await exampleCounts();
    expect(Object.keys(rows).filter((key) => key.includes('.'))).toEqual(Object.keys(METRICS));
    for (const [key, name] of Object.entries(METRICS)) expectRatio(key, RATIOS[name](counts));
  });

  it('have every state of the floor in the example, counted right', async () => {
    const counts = await exampleCounts();
    expect(Object.keys(rows).filter((key) => !key.includes('.'))).toEqual([...FLOOR_STATES]);
    for (const state of FLOOR_STATES) expectRatio(state, stateRatio(counts, state as FloorState));
  });
});

/** Rows that begin with a key in code and end with `numerator / denominator = value`, by key. */
const rows: Readonly<Record<string, readonly [numerator: string, denominator: string, value: string]>> =
  Object.fromEntries(
    [...methodology.matchAll(/^\| `([\w.]+)` \|.*\| ([\d.]+) \/ ([\d.]+) = ([\d.]+) \|$/gm)].map(
      ([, key = '', numerator = '', denominator = '', value = '']) => [key, [numerator, denominator, value]],
    ),
  );

function expectRatio(key: string, { numerator, denominator }: Ratio): void {
  const documented = rows[key] ?? ['', '', ''];
  const actual = [numerator, denominator, numerator / denominator];
  const decimals = documented.map((text) => text.split('.')[1]?.length ?? 0);
  expect(
    actual.map((value, i) => value.toFixed(decimals[i])),
    key,
  ).toEqual(documented);
}

/** The floor of the example is what its events are the edges of. */
async function exampleCounts(): Promise<Counts> {
  const dataset = await openDirectory(join(writeTree(folder(), files), 'my-data'));
  const { annotations, durationS } = await dataset.open('1');
  const predictions = parsePredictions(JSON.parse(files['predictions.json'] ?? ''), new Map([['1', durationS]]), '');
  const events = predictions.get('1')!;
  const steps = durationS * STEPS_PER_SECOND;
  const floors: PerSpeaker<FloorTrack> = perSpeaker((subject) => {
    const timesS = [...events[subject].eot, ...events[subject].int].sort((a, b) => a - b);
    return { steps, edges: Int32Array.from(timesS, (timeS) => Math.round(timeS * STEPS_PER_SECOND) - 1) };
  });
  expect(perSpeaker((subject) => eventsOf(floors[subject]))).toEqual(events);
  return scoreConversation(prepareConversation(buildGold(annotations!), steps), events, floors);
}

describe('the choices of docs/methodology.md', () => {
  it('are those that its rows give', () => {
    const pattern = /^\| (0\.\d) \| (\S+) \| (\S+) \| (\d+) \| (\S+) \| (.*?) ?\|$/gm;
    const rows = [...methodology.matchAll(pattern)].map(([, ...cells]) => {
      const [threshold, recall, fpRate, latencyP50Ms, cutoffRate] = cells.map(Number);
      return { threshold, recall, fpRate, latencyP50Ms, cutoffRate, choice: cells[5] };
    });
    expect(rows).toHaveLength(5);
    const { recallFirst, latencyFirst, cutoffFirst } = operatingChoices(rows, 0.1, (row) => row);
    expect(recallFirst?.choice).toBe('highest recall');
    expect(latencyFirst?.choice).toBe('lowest latency p50');
    expect(cutoffFirst?.choice).toBe('lowest cut-off rate');
    expect(rows.filter(({ choice }) => choice !== '')).toHaveLength(3);
  });

  it('read the cut-off rate off as drawn', () => {
    const drawn = [...methodology.matchAll(/^(0\.\d\d) .*θ = (0\.\d), .*?(\d+) ms$/gm)];
    const points = drawn.map(([, rate, threshold, ms]) => ({
      threshold: Number(threshold),
      ep50Ms: Number(ms),
      cutoffRate: Number(rate),
    }));
    expect(points).toHaveLength(3);
    expect(methodology).toContain(`\n${cutoffRateAt(points)?.toFixed(2)}        ┆◯  read off at 160 ms`);
  });
});
