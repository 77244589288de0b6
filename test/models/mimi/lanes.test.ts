import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiscriminativeModel, FloorDecision } from '../../../src/core/model.js';
import { buildMimiEndpointer } from '../../../src/models/mimi/build.js';
import { MimiLanes, newConversation } from '../../../src/models/mimi/lanes.js';
import { readManifest } from '../../../src/models/mimi/manifest.js';
import { loadNetworks, type MimiNetworks } from '../../../src/models/mimi/stream.js';
import { mimiEndpointer } from '../../../src/models/mimi-endpointer.js';
import { FIXTURES, floats, TINY } from './tiny.js';

const STEP = 480;
const recorded = floats('input.f32');
const SAMPLES = recorded.length / 2;

let folder: string;
let networks: MimiNetworks;
let alone: DiscriminativeModel;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mimi-lanes-'));
  const sources = { mimi: `${FIXTURES}/mimi.safetensors`, checkpoint: `${FIXTURES}/checkpoint.pt` };
  await buildMimiEndpointer({ ...sources, constants: TINY, folder });
  networks = await loadNetworks(folder, await readManifest(folder), 1);
  alone = await load();
});

afterAll(async () => {
  await alone.close?.();
  await networks.release();
  rmSync(folder, { recursive: true });
});

async function load(): Promise<DiscriminativeModel> {
  return await mimiEndpointer.loadModel({ model: folder });
}

/** A piece of the recording. The attention window of the tiny network is full after 16 steps. */
interface Piece {
  readonly from: number;
  readonly steps: number;
  /** Turns of the event loop that pass before a step: a file is being read. */
  readonly waits: ReadonlyMap<number, number>;
}

async function answers(model: DiscriminativeModel, { from, steps, waits }: Piece): Promise<unknown[]> {
  const found: unknown[] = [];
  await model.reset();
  for (let step = 0; step < steps; step++) {
    for (let i = waits.get(step) ?? 0; i > 0; i--) await turn();
    const at = (from + step) * STEP;
    const decisions = await model.stepBoth!(
      recorded.subarray(at, at + STEP),
      recorded.subarray(SAMPLES + at, SAMPLES + at + STEP),
    );
    found.push(decisions.map(copied));
  }
  return found;
}

function copied(decision: FloorDecision) {
  if (typeof decision === 'number' || !('pFloor' in decision)) throw new Error('not a probability');
  return [decision.pFloor, ...Array.from(decision.classes ?? [])];
}

const NO_WAITS = new Map<number, number>();
const steps = fc.integer({ min: 1, max: 40 });
const pieces = fc.record({
  from: fc.integer({ min: 0, max: SAMPLES / STEP - 40 }),
  steps,
  waits: fc.array(fc.tuple(steps, fc.integer({ min: 1, max: 12 })), { maxLength: 6 }).map((list) => new Map(list)),
});

describe('lanes of the Mimi endpointer', () => {
  it('answer what the model answers alone, to the bit, whenever conversations begin, pause and end', async () => {
    const lists = fc.array(fc.array(pieces, { maxLength: 4 }), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lists, async (lanes) => {
        const model = await load();
        const opened = lanes.map((_, i) => (i === 0 ? model : model.lanes!.open()));
        const found = await Promise.all(
          lanes.map(async (list, i) => {
            const ofLane: unknown[] = [];
            for (const piece of list) ofLane.push(await answers(opened[i]!, piece));
            return ofLane;
          }),
        );
        for (const [lane, list] of lanes.entries()) {
          for (const [i, piece] of list.entries()) {
            expect(found[lane]![i]).toEqual(await answers(alone, { ...piece, waits: NO_WAITS }));
          }
        }
        await model.close?.();
      }),
      { numRuns: 10, seed: 7 },
    );
  });

  it('may be opened while others are under way, which go on as they were', async () => {
    const model = await load();
    const piece = { from: 10, steps: 48, waits: new Map([[24, 1]]) };
    const first = answers(model, piece);
    for (let i = 0; i < 10; i++) await turn();
    const second = answers(model.lanes!.open(), { ...piece, from: 80 });
    expect(await first).toEqual(await answers(alone, piece));
    expect(await second).toEqual(await answers(alone, { ...piece, from: 80 }));
    await model.close?.();
  });

  it('are not disturbed by an answer that nobody waits for any more', async () => {
    const model = await load();
    const other = model.lanes!.open();
    const piece = { from: 3, steps: 40, waits: NO_WAITS };
    const beside = answers(other, { ...piece, steps: 60 });
    await answers(model, piece);
    for (const turns of [0, 1, 2]) {
      const silence = new Float32Array(STEP);
      for (let step = 0; step < 4; step++) void model.stepBoth!(silence.fill(0.5), silence);
      // Given up, waiting or under way: that frame belongs to the conversation before.
      for (let i = 0; i < turns; i++) await turn();
      expect(await answers(model, piece)).toEqual(await answers(alone, piece));
    }
    expect(await beside).toEqual(await answers(alone, { ...piece, steps: 60 }));
    await model.close?.();
  });
});

describe('MimiLanes', () => {
  it('asks the networks once for all who ask together, and for nobody else', async () => {
    const rows: number[] = [];
    const [encoder, ...others] = networks.sessions;
    const counting: MimiNetworks = {
      ...networks,
      sessions: [
        {
          ...encoder!,
          run(feeds) {
            rows.push(feeds['audio']!.dims[0]!);
            return encoder!.run(feeds);
          },
        },
        ...others,
      ],
    };
    const lanes = new MimiLanes(counting);
    const all = Array.from({ length: 4 }, () => ({ lane: lanes.join(), conversation: newConversation() }));
    for (const asking of [[0, 1, 2, 3], [0, 1, 2, 3], [2], [3, 1], [0, 1, 2, 3], [1, 2, 3]]) {
      await Promise.all(asking.map((i) => all[i]!.lane.next(all[i]!.conversation)));
    }
    expect(rows).toEqual([8, 8, 2, 4, 8, 6]);
  });

  it('fails those who asked when a network fails, and the others go on', async () => {
    let isBroken = false;
    const last = networks.sessions.at(-1)!;
    const breaking: MimiNetworks = {
      ...networks,
      sessions: [
        ...networks.sessions.slice(0, -1),
        { ...last, run: (feeds) => (isBroken ? Promise.reject(new Error('out of memory')) : last.run(feeds)) },
      ],
    };
    const lanes = new MimiLanes(breaking);
    const [one, two] = [lanes.join(), lanes.join()];
    const untouched = new MimiLanes(networks).join();
    const [kept, expected] = [newConversation(), newConversation()];
    const next = async (chunk: number) => {
      for (const conversation of [kept, expected]) conversation.audio.fill(chunk / 10);
      await Promise.all([one.next(kept), untouched.next(expected)]);
      expect(kept.probabilities).toEqual(expected.probabilities);
    };
    for (const chunk of [1, 2, 3]) await next(chunk);
    isBroken = true;
    await expect(two.next(newConversation())).rejects.toThrow('out of memory');
    isBroken = false;
    for (const chunk of [4, 5, 6]) await next(chunk);
  });
});
