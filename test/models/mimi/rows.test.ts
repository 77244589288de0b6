import { beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../../../src/models/mimi/stages.js';
import { audioTensor, inputChunk, networksOf, numbersOf, runChunk, tinySources } from './tiny.js';

const CHUNKS = 12;
const SAMPLES = 1920;

let networks: (rows: number) => Stage[];

beforeAll(async () => {
  networks = await networksOf(tinySources());
});

/** Rows by channel of the recorded input; what is answered for each row, all chunks joined. */
async function answers(channels: readonly (0 | 1)[], output: string): Promise<number[][]> {
  const stages = networks(channels.length);
  const rows = channels.map((): number[] => []);
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const both = inputChunk(chunk);
    const audio = new Float32Array(channels.length * SAMPLES);
    for (const [row, channel] of channels.entries()) {
      audio.set(both.subarray(channel * SAMPLES, (channel + 1) * SAMPLES), row * SAMPLES);
    }
    // The endpointer pairs rows; single rows end with the codec.
    const chain = channels.length % 2 === 0 ? stages : stages.slice(0, -1);
    const numbers = numbersOf((await runChunk(chain, { audio: audioTensor(audio) }))[output]!);
    const width = numbers.length / channels.length;
    for (const [row, answer] of rows.entries()) answer.push(...numbers.subarray(row * width, (row + 1) * width));
  }
  return rows;
}

describe('rows that advance together', () => {
  it('do not hear each other: a channel alone, in a pair and among eight gives the same latent', async () => {
    const pair = await answers([0, 1], 'latent');
    const eight = await answers([1, 0, 0, 1, 1, 1, 0, 1], 'latent');
    for (const [row, channel] of [1, 0, 0, 1, 1, 1, 0, 1].entries()) expect(eight[row]).toEqual(pair[channel]);
    for (const channel of [0, 1] as const) {
      const [alone] = await answers([channel], 'latent');
      expect(alone).toEqual(pair[channel]);
    }
  });

  it('answer a conversation the same in any company, to the bit', async () => {
    const [asSubject, asOther] = await answers([0, 1], 'probabilities');
    const four = await answers([1, 1, 0, 1, 1, 0, 0, 0], 'probabilities');
    expect(four[2]).toEqual(asSubject);
    expect(four[3]).toEqual(asOther);
    expect(four[4]).toEqual(asOther);
    expect(four[5]).toEqual(asSubject);
    expect(asSubject).not.toEqual(asOther);
  });
});
