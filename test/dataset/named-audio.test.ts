import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../src/dataset/directory.js';
import { wavBytes } from '../audio/wav-bytes.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();

describe('audio of a data set', () => {
  it('names the file below the data set when its samples turn out to be wrong', async () => {
    const broken = Float32Array.from({ length: 800 }, (_, i) => (i === 400 ? Number.NaN : 0));
    writeTree(folder(), {
      '20/speaker_1_audio.wav': wavBytes({ code: 3, bits: 32, rate: 8000 }, new Float32Array(800)),
      '20/speaker_2_audio.wav': wavBytes({ code: 3, bits: 32, rate: 8000 }, broken),
    });
    const { audio } = await (await openDirectory(folder())).open('20');
    const reader = await audio!.open();
    const read = async () => reader.read({ 1: new Float32Array(800), 2: new Float32Array(800) });
    const error = await read().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'UserError', hint: expect.stringContaining('replace') });
    expect(String(error)).toContain('UserError: 20/speaker_2_audio.wav: channel 1 at 0.05');
    await reader.close();
  });
});
