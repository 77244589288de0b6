import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../src/dataset/directory.js';
import { verifyDirectory } from '../../src/dataset/verify.js';
import { silence, temporaryFolder, wav, writeTree } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

/** A mono WAV of 32-bit floats: the second sample is not a number. */
function wavWithNaN(): Uint8Array {
  const file = Buffer.from(wav([silence(8)]));
  file.writeUInt16LE(3, 20); // IEEE float
  file.writeUInt32LE(8000 * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(32, 34);
  file.writeFloatLE(Number.NaN, 48);
  return file;
}

describe('verifyDirectory', () => {
  it('finds nothing in a data set that is whole, and says what it has done', async () => {
    const audio = wav([silence(100_000)]);
    writeTree(folder(), {
      'dataset.json': { name: 'tiny' },
      '1/speaker_1_audio.wav': audio,
      '1/speaker_2_audio.wav': audio,
      '2/metadata.json': { duration_s: 60 },
    });
    const done: string[] = [];
    const { problems, warnings, info, conversations } = await verifyDirectory(folder(), (id) => done.push(id));
    expect({ problems, warnings, done }).toEqual({ problems: [], warnings: [], done: ['1', '2'] });
    expect(info.name).toBe('tiny');
    expect(conversations.map(({ durationS }) => durationS)).toEqual([12.5, 60]);
  });

  it('decodes every sample, so it finds what opening cannot see, and goes on behind it', async () => {
    writeTree(folder(), {
      'dataset.json': { name: 'tiny' },
      '1/speaker_1_audio.wav': wav([silence(4)]),
      '1/speaker_2_audio.wav': wavWithNaN(),
      '2/speaker_1_audio.wav': wavWithNaN(),
      '2/speaker_2_audio.wav': wav([silence(4)]),
    });
    await openDirectory(folder());
    const { problems } = await verifyDirectory(folder());
    expect(problems).toEqual([
      expect.stringMatching(/^1\/speaker_2_audio\.wav.*NaN/),
      expect.stringMatching(/^2\/speaker_1_audio\.wav.*NaN/),
    ]);
  });

  it('reports what opening reports too', async () => {
    writeTree(folder(), { 'dataset.json': { name: 'tiny' }, '1/metadata.json': {} });
    expect((await verifyDirectory(folder())).problems).toEqual([expect.stringContaining('1: no audio')]);
  });
});
