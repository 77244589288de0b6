import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset, readDataset } from '../../src/dataset/catalogue.js';
import { verifyReading } from '../../src/dataset/verify.js';
import { temporaryFolder, writeTree } from '../helpers/dataset-folder.js';
import { DE_ROW, EN_ROW, userTurns } from '../helpers/user-turns.js';

const folder = temporaryFolder();
const open = (rows?: readonly (object | string)[]) => openDataset(`eot:${writeTree(folder(), userTurns(rows))}`);

describe('a folder of single turns', () => {
  it('is a data set of conversations in which the other is silent', async () => {
    const dataset = await open();
    expect(dataset.info).toMatchObject({ name: 'turns', version: '1.0.0' });
    expect(dataset.ids).toEqual(['de-1', 'en-1']);
    const turn = await dataset.open('en-1');
    expect(turn).toMatchObject({ id: 'en-1', tags: { language: 'en' }, durationS: 5 });
    expect(turn.annotations).toBeUndefined();
    expect(turn.userTurn).toEqual({
      id: 'en-1',
      language: 'en',
      durationS: 5,
      silenceSpans: [
        { startS: 1, endS: 1.8 },
        { startS: 2.8, endS: 5 },
      ],
      messages: [{ role: 'assistant', content: 'Hello?' }],
    });
  });

  it('streams the user, of stereo files their mean, and silence beside it', async () => {
    const dataset = await open();
    const peaks = async (id: string) => {
      const reader = await (await dataset.open(id)).audio!.open();
      const block = { 1: new Float32Array(16_000), 2: new Float32Array(16_000).fill(1) };
      expect(await reader.read(block)).toBe(16_000);
      await reader.close();
      return [Math.max(...block[1]), Math.max(...block[2])];
    };
    expect(await peaks('en-1')).toEqual([expect.closeTo(0.3, 3), 0]);
    expect(await peaks('de-1')).toEqual([expect.closeTo(0.15, 3), 0]);
  });

  it('can be verified like any other', async () => {
    const { problems, conversations } = await verifyReading(
      await readDataset(`eot:${writeTree(folder(), userTurns())}`),
    );
    expect([problems, conversations.length]).toEqual([[], 2]);
  });

  it('is another revision when a silence moves', async () => {
    const [before, after] = [await open(), await open([{ ...EN_ROW, silence_spans: [{ start: 1, end: 2 }] }, DE_ROW])];
    expect(after.info.revision).not.toBe(before.info.revision);
  });

  it('takes its language from its turns when all have one', async () => {
    expect((await open([DE_ROW])).info.language).toBe('de');
    expect((await open()).info.language).toBe('und');
  });

  it('says which keys have no effect', async () => {
    expect((await open([{ ...EN_ROW, speaker: 'x' }])).warnings).toEqual(['turns.jsonl: keys without effect: speaker']);
  });
});

describe('what is wrong with a folder of single turns', () => {
  it.each<[string, readonly (object | string)[], string]>([
    [
      'two turns of one id',
      [EN_ROW, { ...DE_ROW, id: 'en-1' }],
      "turns.jsonl:2: the id 'en-1' is already that of line 1",
    ],
    ['no language', [{ ...EN_ROW, language: ' ' }], 'turns.jsonl:1: language: '],
    ['no silences', [{ ...EN_ROW, silence_spans: [] }], 'turns.jsonl:1: silence_spans: '],
    [
      'a silence that ends before it starts',
      [{ ...EN_ROW, silence_spans: [{ start: 2, end: 1 }] }],
      'silence_spans[0].end: ends before it starts',
    ],
    [
      'silences in disorder',
      [{ ...EN_ROW, silence_spans: [...EN_ROW.silence_spans].reverse() }],
      'turns.jsonl:1: silence_spans[1]: begins at 1 s, before the one before it ends',
    ],
    [
      'a silence in milliseconds',
      [{ ...EN_ROW, silence_spans: [{ start: 1000, end: 1800 }] }],
      'en-1: silence_spans[0] (1000 to 1800 s) ends after the audio (5 s): are these seconds, and of this file?',
    ],
    ['no audio', [{ ...EN_ROW, audio: 'audio/none.wav' }], 'audio/none.wav'],
    ['no JSON', [EN_ROW, '{"id": '], 'turns.jsonl:2:8: '],
    ['no turns', [], 'turns.jsonl: no turns in it'],
  ])('is reported with its place: %s', async (_, rows, problem) => {
    await expect(open(rows)).rejects.toThrow(problem);
  });

  it('is reported all at once', async () => {
    await expect(
      open([
        { ...EN_ROW, language: '' },
        { ...DE_ROW, audio: 'none.wav' },
      ]),
    ).rejects.toThrow('2 problems');
  });

  it('is a missing file', async () => {
    await expect(openDataset(`eot:${join(folder(), 'none')}`)).rejects.toThrow(/no turns\.jsonl in .*none/);
  });
});
