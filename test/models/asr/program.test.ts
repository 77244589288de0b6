import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DiscriminativeModel, ModelOptions } from '../../../src/core/model.js';
import { loadModel } from '../../../src/models/catalogue.js';
import { driveConversation } from '../../../src/stream/drive.js';
import { memoryAudio } from '../../helpers/samples.js';
import { pass } from '../listening.js';
import { sentence, speak } from './spoken.js';

const PROGRAM = fileURLToPath(new URL('../../fixtures/asr/recogniser.mjs', import.meta.url));
//           0      1      2      3      4      5 s
// speaker 1        w0 w1 w2 w3                     (1.0–2.5, flushed at 2.8 s)
// speaker 2                  w8 w9                 (2.5–3.2, flushed at 3.5 s)
const FIRST = speak(sentence(['w0', 'w1', 'w2', 'w3'], 1), 5);
const SECOND = speak(sentence(['w8', 'w9'], 2.5), 5);
const AUDIO = memoryAudio(16_000, FIRST, SECOND);
const opened: DiscriminativeModel[] = [];

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(async () => {
  for (const model of opened.splice(0)) await model.close?.();
  vi.restoreAllMocks();
});

async function open(program: string, options: ModelOptions = {}): Promise<DiscriminativeModel> {
  const model = await loadModel('streaming-asr', { program, silence: 'energy', ...options });
  opened.push(model);
  return model;
}

function edgesS(p: readonly number[]): number[] {
  return p.flatMap((x, i) => (x > 0.5 !== (p[i - 1] ?? 0) > 0.5 ? [(i + 1) / 50] : []));
}

describe('a recogniser on this machine', () => {
  it('is handed audio like a server, and both channels one after the other', async () => {
    const model = await open(PROGRAM);
    expect(edgesS(await pass(model, FIRST, SECOND))).toEqual([2.7, 3.1]);
    expect(edgesS(await pass(model, SECOND, FIRST))).toEqual([3.5, 3.8]);
    const { tracks } = await driveConversation(model, AUDIO);
    for (const [subject, edges] of [[1, [2.7, 3.1]] as const, [2, [3.5, 3.8]] as const]) {
      const track = tracks[subject];
      expect(track.kind === 'probability' && edgesS([...track.pFloor])).toEqual(edges);
    }
  });

  it('is recorded by its hash', async () => {
    const { weights } = await open(PROGRAM);
    expect(weights).toEqual([{ file: 'recogniser.mjs', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it.each([
    ['crash', /ended with exit code 3/],
    ['fail', /recogniser recogniser\.mjs: too loud/],
    ['nonsense', /recogniser recogniser\.mjs: the answer is not JSON: pardon/],
    ['hang', /did not answer within 3 s/],
  ])('that goes wrong (%s) costs one conversation, and is there for the next one', async (mishap, problem) => {
    const model = await open(`${PROGRAM} ${mishap}`, { timeout_s: 3 });
    await expect(driveConversation(model, AUDIO)).rejects.toThrow(problem);
    // Two pieces of audio, which is all that it bears.
    await model.ready?.();
    expect(edgesS(await pass(model, FIRST.subarray(0, 2.6 * 16_000), FIRST))).toEqual([]);
  });

  it('that is not there is a prerequisite', async () => {
    await expect(open('./no-such-recogniser')).rejects.toMatchObject({
      message: expect.stringMatching(/^recogniser no-such-recogniser cannot be started: .*there is no such program$/),
      hint: 'write -o program=./my-recogniser for a file, -o program=name for one on PATH',
      exitCode: 5,
    });
  });
});
