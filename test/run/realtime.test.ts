import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel } from '../../src/core/model.js';
import { openDataset } from '../../src/dataset/catalogue.js';
import type { ConversationRow } from '../../src/result/schema.js';
import { evaluate } from '../../src/run/evaluate.js';
import { planEvaluation } from '../../src/run/plan.js';
import { FakeClock } from '../helpers/clock.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { TINY_RATE, tinyDataset } from '../helpers/tiny-world.js';

const folder = temporaryFolder();

/** Holds the floor while the subject is heard. Answers take as long as `costMs` says, each pass from step 0 on. */
function listener(clock: FakeClock, costMs: (step: number, pass: number) => number): DiscriminativeModel {
  let step = 0;
  let pass = 0;
  return {
    inputSampleRate: TINY_RATE,
    reset() {
      step = 0;
      pass++;
    },
    async step(subject) {
      await null;
      clock.ms += costMs(step++, pass);
      return { pFloor: subject.some((sample) => sample !== 0) ? 1 : 0 };
    },
    stepBoth: () => {
      throw new Error('live there is one subject');
    },
  };
}

/** On the conversation of the tiny world, where every audio-time answer comes 20 ms after what it is about. */
async function run(costMs: (step: number, pass: number) => number, realtime = true) {
  const clock = new FakeClock();
  writeTree(join(folder(), 'tiny'), tinyDataset('1'));
  const dataset = await openDataset(join(folder(), 'tiny'));
  const request = { model: 'never', options: {}, dataset, ids: dataset.ids, sweep: [0.25, 0.5], seed: 1 };
  const plan = await planEvaluation({ ...request, thresholdsAsked: false, realtime });
  const { stepBoth, ...separate } = listener(clock, costMs);
  const model = realtime ? { ...separate, stepBoth: stepBoth! } : separate;
  const rows: ConversationRow[] = [];
  const { header } = await evaluate(
    { ...plan, model },
    {
      outFolder: join(folder(), 'out'),
      tracks: false,
      stepDeadlineS: 30,
      nowMs: clock.now,
      argv: [],
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onConversation: (row) => rows.push(row),
    },
  );
  const row = rows[0] as Extract<ConversationRow, { status: 'ok' }>;
  return { header, row, totals: header.totals!, deployed: header.totals!.deployed!, timing: header.timing!.deployed! };
}

describe('a run in real time', () => {
  it('adds what a step takes to what it says', async () => {
    const { totals, deployed, timing } = await run(() => 3);
    expect(totals.eot.latency_ms.p50).toBeCloseTo(20, 9);
    expect(deployed.eot).toMatchObject({ tp: 3, fn: 0, fp: 1, tn: 0 });
    for (const { latency_ms } of [deployed.eot, deployed.int]) {
      for (const ms of Object.values(latency_ms)) expect(ms).toBeCloseTo(23, 9);
    }
    expect(deployed.endpoint).toMatchObject({ anchors: 3, cut_offs: 1, missed: 0 });
    expect(timing).toMatchObject({ steps: 600, late_steps: 0, late_rate: 0, rtf: 0.15 });
    expect(timing.step_ms.mean).toBe(3);
    expect(Math.abs(timing.step_ms.p99 - 3)).toBeLessThanOrEqual(0.03);
  });

  it('lets a slow step delay the decisions after it', async () => {
    // Speaker 1 stops at 2.5 s, which step 125 reveals. Step 124 takes 130 ms, all others 1 ms:
    //   step     123   124   125   126 … 129   130   131
    //   heard   2480  2500  2520  2540  2600  2620  2640 ms
    //   left    2481  2630  2631  2632  2635  2636  2641
    const { row, deployed, timing } = await run((step, pass) => (pass === 1 && step === 124 ? 130 : 1));
    expect(wholeMs(row.deployed!.counts!.eot.latencies_ms)).toEqual([131, 21, 21]);
    expect(wholeMs(row.deployed!.counts!.int.latencies_ms)).toEqual([21]);
    expect(deployed.eot.latency_ms.p50).toBeCloseTo(21, 9);
    // 124 to 129 left more than 20 ms after they were heard.
    expect(timing).toMatchObject({ late_steps: 6, late_rate: 6 / 600 });
  });

  it('scores what comes too late as missed, by the same windows', async () => {
    // Step 124 takes 3.1 s: the end of 2.5 is announced at 5.601, after the window, which the next end of this speaker
    // closes at 5.5; there it is claimed instead of the announcement of 5.5 itself, which leaves at 5.751.
    const { row, totals, deployed } = await run((step, pass) => (pass === 1 && step === 124 ? 3100 : 1));
    expect(totals.eot).toMatchObject({ tp: 3, fn: 0 });
    expect(deployed.eot).toMatchObject({ tp: 2, fn: 1, fp: 1 });
    expect(wholeMs(row.deployed!.counts!.eot.latencies_ms)).toEqual([21, 101]);
    expect(deployed.endpoint).toMatchObject({ cut_offs: 1, missed: 0 });
  });

  it('equals audio time, to the bit, when answers take no time', async () => {
    const { totals, timing } = await run(() => 0);
    const { eot, int, endpoint } = totals;
    expect(totals.deployed).toEqual({ eot, int, endpoint });
    expect(timing).toMatchObject({ rtf: 0, late_steps: 0, step_ms: { mean: 0, p50: 0, p90: 0, p99: 0 } });
  });

  it('changes nothing else', async () => {
    const live = await run(() => 30);
    const plain = await run(() => 30, false);
    const untimed = (row: object) => ({ ...row, timing: undefined, deployed: undefined });
    expect(untimed(live.row)).toEqual(untimed(plain.row));
    expect({ ...live.totals, deployed: null }).toEqual(plain.totals);
    expect(plain.header.timing!.deployed).toBeNull();
    expect(live.header.sweep).toEqual(plain.header.sweep);
    expect([live.header.spec.realtime, plain.header.spec.realtime]).toEqual([true, undefined]);
  });

  it('warns when the model cannot keep up', async () => {
    const { header, timing } = await run(() => 30);
    expect(timing).toMatchObject({ rtf: 1.5, late_rate: 1 });
    expect(header.warnings).toContainEqual(expect.stringContaining('fall behind for good'));
  });
});

function wholeMs(latencies: readonly number[]): number[] {
  return latencies.map((ms) => Math.round(ms));
}
