import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDirectory } from '../../src/dataset/directory.js';
import type { ConversationRow } from '../../src/result/schema.js';
import { type EvaluationSettings, evaluate } from '../../src/run/evaluate.js';
import { type EvaluationRequest, planEvaluation } from '../../src/run/plan.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { tinyDataset } from '../helpers/tiny-world.js';

const folder = temporaryFolder();
const before = process.env.TURNBENCH_CACHE;
beforeEach(() => {
  process.env.TURNBENCH_CACHE = join(folder(), 'cache');
  writeTree(join(folder(), 'tiny'), tinyDataset('1', '2'));
});
afterEach(() => {
  if (before === undefined) delete process.env.TURNBENCH_CACHE;
  else process.env.TURNBENCH_CACHE = before;
});

type OkRow = Extract<ConversationRow, { status: 'ok' }>;

async function run(request: Partial<EvaluationRequest> = {}, settings: Partial<EvaluationSettings> = {}) {
  const dataset = await openDirectory(join(folder(), 'tiny'));
  const base = {
    model: 'silero-vad',
    options: {},
    ids: dataset.ids,
    sweep: [0.2, 0.5],
    thresholdsAsked: false,
    seed: 1,
  };
  const plan = await planEvaluation({ ...base, dataset, ...request });
  const { rows, header } = await evaluate(plan, {
    outFolder: join(folder(), 'out'),
    tracks: false,
    stepDeadlineS: 30,
    keptAnswersBytes: 1e9,
    argv: [],
    signal: new AbortController().signal,
    onProgress() {},
    onConversation() {},
    ...settings,
  });
  await plan.model?.close?.();
  return {
    header,
    rows: rows as readonly OkRow[],
    kept: (rows as readonly OkRow[]).map((row) => row.timing.kept ?? false),
  };
}

const scores = ({ rows }: { rows: readonly OkRow[] }) => rows.map((row) => ({ ...row, timing: null }));

describe('kept answers', () => {
  it('give the rows of a run that asks the model', async () => {
    const asked = await run();
    const again = await run();
    expect([asked.kept, again.kept]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(scores(again)).toEqual(scores(asked));
    expect(again.rows.map((row) => row.timing.compute_s)).toEqual(asked.rows.map((row) => row.timing.compute_s));
  });

  it('serve other thresholds, as if the model had been asked', async () => {
    await run();
    const other = { threshold: 0.3, sweep: [0.1, 0.3, 0.9] };
    const kept = await run(other);
    expect(kept.kept).toEqual([true, true]);
    expect(scores(kept)).toEqual(scores(await run(other, { keptAnswersBytes: undefined })));
  });

  it('serve nobody else: not other options, other audio, steps that are timed, or who does not want them', async () => {
    await run();
    expect((await run({ options: { min_silence_s: 0.2 } })).kept).toEqual([false, false]);
    expect((await run({}, { keptAnswersBytes: undefined })).kept).toEqual([false, false]);
    expect((await run({ realtime: true })).kept).toEqual([false, false]);
    utimesSync(join(folder(), 'tiny/2/speaker_1_audio.wav'), 1, 1);
    expect((await run()).kept).toEqual([true, false]);
  });

  it('are no more than they may be', async () => {
    await run({}, { keptAnswersBytes: 0 });
    expect((await run()).kept).toEqual([false, false]);
  });
});
